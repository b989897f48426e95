package io.hbagent.cli;

import io.hbagent.config.BadOption;
import io.hbagent.config.OptionText;
import io.hbagent.config.Settings;
import io.hbagent.config.SettingsReader;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Rule;
import io.hbagent.text.Printable;
import java.util.ArrayList;
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
    Settings settings;
    try {
      settings = SettingsReader.read(OptionText.absolute(options), null, null);
    } catch (BadOption e) {
      throw CommandException.usage(e.getMessage());
    }
    System.out.print(text(settings));
    return 0;
  }

  static String text(Settings settings) {
    StringBuilder out = new StringBuilder();
    out.append("settings: ").append(Printable.of(settings.toString())).append('\n');
    out.append("from:     ").append(Printable.of(settings.source())).append('\n');
    if (!settings.enabled()) {
      return out.append("enabled=false: the agent does nothing\n").toString();
    }
    for (Rule rule : settings.rules().list()) {
      out.append("\nrule ").append(Printable.of(rule.name()));
      append(out, " role=", rule.role() == null ? "" : rule.role().toString());
      append(out, " remote=", list(rule.remote()));
      append(out, " local=", list(rule.local()));
      policy(out.append('\n'), rule.policy());
    }
    out.append(settings.rules().isEmpty() ? "\nevery connection\n" : "\nevery other connection\n");
    policy(out, settings.rules().otherwise());
    for (String warning : settings.warnings()) {
      out.append("\nwarning: ").append(Printable.of(warning)).append('\n');
    }
    return out.toString();
  }

  private static String list(List<?> patterns) {
    String text = patterns.toString();
    return Printable.of(text.substring(1, text.length() - 1));
  }

  private static void append(StringBuilder out, String name, String value) {
    out.append(value.isEmpty() ? "" : name + value);
  }

  private static void policy(StringBuilder out, Policy policy) {
    if (!policy.keepalive()) {
      out.append("  keepalive=off: left as the application has it\n");
      return;
    }
    out.append("  idle=").append(policy.idle()).append("s intvl=").append(policy.intvl());
    out.append("s cnt=").append(policy.cnt());
    if (policy.userTimeout() > 0) {
      out.append(" user-timeout=").append(PolicyText.seconds(policy.userTimeout()));
    }
    out.append(policy.adaptive() ? " user-timeout=adaptive" : "");
    out.append("\n  a dead peer is found after ").append(deadAfter(policy)).append(" s of silence");
    out.append("\n  data that stays unacknowledged is given up after ");
    out.append(
        policy.dataDeadAfter() > 0
            ? PolicyText.seconds(policy.dataDeadAfter())
            : "some 15 minutes, by the kernel's own rule");
    int packets = 2 * 3600 / policy.idle();
    out.append("\n  an idle connection costs ").append(packets == 0 ? "less than 1" : packets);
    out.append(packets < 2 ? " packet" : " packets")
        .append(" an hour (a probe and its answer every ")
        .append(policy.idle());
    out.append(" s)\n");
    for (String warning : warnings(policy)) {
      out.append("  warning: ").append(warning).append('\n');
    }
  }

  /**
   * With TCP_USER_TIMEOUT the kernel gives up at the first probe that is due after it ({@code
   * tcp_keepalive_timer}), and no longer counts.
   */
  static long deadAfter(Policy policy) {
    if (policy.userTimeout() == 0) {
      return policy.deadAfter();
    }
    long limit = (policy.userTimeout() + 999L) / 1000;
    long at = (long) policy.idle() + policy.intvl();
    while (at < limit) {
      at += policy.intvl();
    }
    return at;
  }

  static List<String> warnings(Policy policy) {
    List<String> warnings = new ArrayList<>();
    long derived = 1000L * policy.deadAfter();
    if (policy.userTimeout() > 0 && policy.userTimeout() != derived) {
      warnings.add(
          "user-timeout contradicts cnt: with it the kernel counts time, not probes, and gives up"
              + " after "
              + deadAfter(policy)
              + " s instead of "
              + policy.deadAfter()
              + " s; user-timeout=derived agrees with cnt");
    }
    for (Intermediary each : Intermediary.values()) {
      if (policy.idle() >= each.seconds) {
        warnings.add(
            "idle is not below the idle timeout of "
                + each.text
                + " ("
                + each.seconds
                + " s), which drops the flow before the first probe; give idle="
                + each.seconds / 2
                + " or less");
      }
    }
    return warnings;
  }

  /** Drops flows that are idle for longer; what their vendors document. */
  private enum Intermediary {
    AZURE("an Azure load balancer", 240),
    AWS("an AWS NLB or EC2 connection tracking", 350),
    GCP("Google Cloud", 600);

    private final String text;
    private final int seconds;

    Intermediary(String text, int seconds) {
      this.text = text;
      this.seconds = seconds;
    }
  }
}
