package io.hbagent.cli;

import static io.hbagent.cli.Text.count;
import static io.hbagent.cli.Text.format;
import static io.hbagent.cli.Text.seconds;

import io.hbagent.config.BadOption;
import io.hbagent.config.OptionText;
import io.hbagent.config.Settings;
import io.hbagent.config.SettingsReader;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Rule;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what options mean, without any JVM. */
@Command(
    name = "explain",
    description = "Show what OPTIONS would do: detection time, traffic, and what to beware of.",
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {

  @Parameters(
      arity = "0..1",
      defaultValue = "",
      paramLabel = "OPTIONS",
      description = "As after -javaagent:hb-agent.jar=, see the options command.")
  private String options;

  @Override
  public Integer call() throws CommandException {
    try {
      System.out.print(text(SettingsReader.read(OptionText.absolute(options), null, null)));
      return 0;
    } catch (BadOption e) {
      throw CommandException.usage(e);
    }
  }

  static String text(Settings settings) {
    String head = format("settings: %s\nfrom:     %s\n", settings, settings.source());
    if (!settings.enabled()) {
      return head + "enabled=false: the agent does nothing\n";
    }
    StringBuilder out = new StringBuilder(head);
    for (Rule rule : settings.rules().list()) {
      String role = rule.role == null ? "" : " role=" + rule.role;
      String remote = addresses(" remote=", rule.remote);
      String local = addresses(" local=", rule.local);
      out.append(format("\nrule %s%s%s%s\n", rule.name, role, remote, local));
      out.append(text(rule.policy));
    }
    out.append(settings.rules().isEmpty() ? "\nevery connection\n" : "\nevery other connection\n");
    out.append(text(settings.rules().otherwise()));
    for (String warning : settings.warnings()) {
      out.append(format("\nwarning: %s\n", warning));
    }
    return out.toString();
  }

  private static String addresses(String name, List<?> patterns) {
    String text = patterns.toString();
    return patterns.isEmpty() ? "" : name + text.substring(1, text.length() - 1);
  }

  private static String text(Policy policy) {
    if (!policy.keepalive()) {
      return "  keepalive=off: left as the application has it\n";
    }
    String timeout =
        policy.userTimeout() > 0 ? " user-timeout=" + seconds(policy.userTimeout()) : "";
    String data =
        policy.dataDeadAfter() > 0
            ? seconds(policy.dataDeadAfter())
            : "some 15 minutes, by the kernel's own rule";
    int packets = 2 * 3600 / policy.idle();
    return format(
            "  idle=%ss intvl=%ss cnt=%s%s\n"
                + "  a dead peer is found after %s s of silence\n"
                + "  data that stays unacknowledged is given up after %s\n"
                + "  an idle connection costs %s an hour (a probe and its answer every %s s)\n",
            policy.idle(),
            policy.intvl(),
            policy.cnt(),
            policy.adaptive() ? " user-timeout=adaptive" : timeout,
            policy.deadAfter(),
            data,
            packets == 0 ? "less than 1 packet" : count(packets, "packet"),
            policy.idle())
        + warnings(policy);
  }

  private static String warnings(Policy policy) {
    String contradiction =
        policy.userTimeout() == 0 || policy.userTimeout() == 1000L * policy.probing()
            ? ""
            : format(
                "  warning: user-timeout contradicts cnt: with it the kernel counts time, not"
                    + " probes, and gives up after %s s instead of %s s; user-timeout=derived"
                    + " agrees with cnt\n",
                policy.deadAfter(), policy.probing());
    return contradiction
        + idleWarning(policy, 240, "an Azure load balancer")
        + idleWarning(policy, 350, "an AWS NLB or EC2 connection tracking")
        + idleWarning(policy, 600, "Google Cloud");
  }

  /** Warns of what drops a flow that is idle for so many seconds; its vendor documents them. */
  private static String idleWarning(Policy policy, int seconds, String intermediary) {
    return policy.idle() < seconds
        ? ""
        : format(
            "  warning: idle is not below the idle timeout of %s (%s s), which drops the flow"
                + " before the first probe; give idle=%s or less\n",
            intermediary, seconds, seconds / 2);
  }
}
