package io.hbagent.cli;

import static io.hbagent.cli.Text.count;
import static io.hbagent.cli.Text.fill;
import static io.hbagent.cli.Text.format;
import static io.hbagent.cli.Text.seconds;

import io.hbagent.config.BadOption;
import io.hbagent.config.OptionText;
import io.hbagent.config.Settings;
import io.hbagent.config.SettingsReader;
import io.hbagent.control.ClassArchive;
import io.hbagent.control.Report;
import io.hbagent.control.Request;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Rule;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what options mean: those given, without any JVM, or those in force in one. */
@Command(
    name = "explain",
    description = {
      "Show what OPTIONS would do: detection time, traffic, and what to beware of.",
      "With --from, show it of the options in force in a JVM; of one without hb-agent,",
      "which is not touched, what -javaagent would do to its AOT cache or CDS archive."
    },
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {

  @Parameters(
      arity = "0..1",
      defaultValue = "",
      paramLabel = "OPTIONS",
      description = "As after -javaagent:hb-agent.jar=, see the options command.")
  private String options;

  @Option(names = "--from", paramLabel = "PID|NAME", description = "The JVM.")
  private String from;

  @Mixin private Progress progress;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws CommandException, InterruptedException {
    if (from != null) {
      if (!options.isEmpty()) {
        throw new ParameterException(
            spec.commandLine(), "--from shows the options of the JVM; leave out " + options);
      }
      System.out.print(fromJvm());
      return 0;
    }
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

  /** Asks the agent for its options; a JVM without it is only looked at. */
  private String fromJvm() throws CommandException, InterruptedException {
    ProcessInfo process = JvmFinder.find(from);
    AttachChecks.jvm(process);
    if (!ProcessInfo.AVAILABLE || process.hasThread("hb-agent")) {
      Target jvm = Target.of(process.pid, progress);
      return text(jvm + ": ", jvm.ask(Request.Verb.COUNTERS, ""));
    }
    ClassArchive archive = process.archive();
    return format("JVM %s (%s): hb-agent is not in it\n\n", process.pid, process.main())
        + withAgent(archive, process.use(archive));
  }

  /** Returns the options of an agent at work, from its status. */
  static String text(String jvm, Report status) throws CommandException {
    Report.Entry agent = status.first("agent");
    StringBuilder out = new StringBuilder(jvm).append(fill("hb-agent {version}\n", agent));
    out.append(fill("settings: {settings}\nfrom:     {source}\n", agent));
    for (Report.Entry rule : status.all("rule")) {
      out.append(fill("\nrule {name}", rule));
      for (String key : new String[] {"role", "remote", "local"}) {
        out.append(rule.text(key).isEmpty() ? "" : " " + key + "=" + rule.text(key));
      }
      out.append('\n').append(text(policy(rule)));
    }
    out.append(
        status.all("rule").isEmpty() ? "\nevery connection\n" : "\nevery other connection\n");
    out.append(text(policy(agent)));
    for (Report.Entry archive : status.all("archive")) {
      out.append(fill("\n{name}: {use}\n", archive));
    }
    for (Report.Entry warning : status.all("warning")) {
      out.append(fill("\nwarning: {text}\n", warning));
    }
    return out.toString();
  }

  /** Returns the policy of an entry, which is data of the target's user: idle may be anything. */
  private static Policy policy(Report.Entry entry) {
    return new Policy(
        entry.text("keepalive").equals("on"),
        Math.max(1, (int) entry.number("idle")),
        (int) entry.number("intvl"),
        (int) entry.number("cnt"),
        entry.text("user-timeout").equals("adaptive")
            ? Policy.ADAPTIVE
            : (int) entry.number("user-timeout-ms"));
  }

  /**
   * Returns what {@code -javaagent} would do to the archive of a JVM.
   *
   * @param archive null when unknown
   * @param use null when unknown
   */
  static String withAgent(ClassArchive archive, ClassArchive.State use) {
    if (archive == null || use == null) {
      return "AOT cache or CDS archive: unknown, because its options cannot all be seen\n";
    }
    StringBuilder out = new StringBuilder();
    if (use == ClassArchive.State.NONE) {
      out.append("AOT cache or CDS archive: none\n");
    } else {
      out.append(format("%s: %s\n", archive.name(), use));
      if (use == ClassArchive.State.LOST) {
        out.append(format("  warning: %s\n", archive.lossReason()));
      } else if (archive.isCache() && !archive.hasModule()) {
        out.append(
            format(
                "  warning: with -javaagent %s: %s\n",
                archive.isRequired() ? "the JVM would not start" : "it would be lost",
                archive.cure()));
      } else {
        out.append("  with -javaagent: used as well\n");
      }
    }
    if (archive.isDumpedAtExit()) {
      out.append(
          "  warning: the JVM does not start with -javaagent where it is to write an archive at its"
              + " end: let it write that without, once\n");
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
