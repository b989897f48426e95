package io.hbagent.cli;

import io.hbagent.config.BadOption;
import io.hbagent.config.OptionText;
import io.hbagent.config.Settings;
import io.hbagent.config.SettingsReader;
import io.hbagent.control.Report;
import io.hbagent.control.Request;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives a running JVM keepalive, on what is open as well; or changes the settings it has. */
@Command(
    name = "attach",
    description = {
      "Give a running JVM keepalive, also on the connections that are open.",
      "Once more: go on with these OPTIONS instead."
    },
    mixinStandardHelpOptions = true)
final class AttachCommand implements Callable<Integer> {

  @Mixin private Progress progress;

  @Parameters(
      index = "0",
      paramLabel = "PID|NAME",
      description = "The JVM: its number, or a part of its main class no other has.")
  private String target;

  @Parameters(
      index = "1",
      arity = "0..1",
      defaultValue = "",
      paramLabel = "OPTIONS",
      description = "As after -javaagent:hb-agent.jar=, see the options command.")
  private String options;

  @Option(
      names = "--dry-run",
      description = "Change nothing; list the open connections that would get keepalive.")
  private boolean dryRun;

  @Override
  public Integer call() throws CommandException {
    String text;
    try {
      text = OptionText.absolute(options);
      Settings settings = SettingsReader.read(text, null, null);
      if (settings.help()) {
        new OptionsCommand().run();
        return 0;
      }
    } catch (BadOption e) {
      throw CommandException.usage(e.getMessage());
    }
    String command = ShellQuoting.words("attach", dryRun ? "--dry-run" : "", target, options);
    Target jvm = Target.of(target, command, progress);
    print(
        jvm,
        dryRun
            ? jvm.ask(Request.Verb.DRY_RUN, text, "dry-run")
            : jvm.ask(Request.Verb.ATTACH, text, "attached", "reconfigured", "unchanged"));
    return 0;
  }

  private static void print(Target jvm, Report report) {
    String what = report.first("done").text("what");
    Report.Entry agent = report.first("agent");
    Report.Entry hooks = report.first("hooks");
    boolean dry = what.equals("dry-run");
    StringBuilder out = new StringBuilder();
    out.append(jvm).append(": hb-agent ").append(agent.text("version")).append(' ');
    out.append(dry ? "would be attached; nothing was changed" : what).append('\n');
    out.append("  policy: ").append(PolicyText.full(agent)).append('\n');
    out.append("  from:   ").append(agent.text("source")).append('\n');
    if (!dry) {
      out.append("  hooks:  ").append(hooks.text("woven")).append(" of ");
      out.append(hooks.text("known")).append(" this JDK has\n");
    }
    appendSweep(out, report, dry);
    for (Report.Entry warning : report.all("warning")) {
      out.append("  warning: ").append(warning.text("text")).append('\n');
    }
    System.out.print(out);
  }

  private static void appendSweep(StringBuilder out, Report report, boolean dry) {
    if (report.all("open").isEmpty()) {
      return;
    }
    Report.Entry open = report.first("open");
    out.append("  open:   ").append(PolicyText.count(open.number("given"), "connection"));
    out.append(dry ? " would be given keepalive" : " given keepalive");
    count(out, open, "turned-off", "turned off");
    out.append('\n');
    StringBuilder skipped = new StringBuilder();
    String chosen =
        "chosen by the application (conflict=" + report.first("agent").text("conflict") + ")";
    long total =
        count(skipped, open, "same", "have it already")
            + count(skipped, open, "skipped-by-rule", "off by rule")
            + count(skipped, open, "skipped-own-choice", chosen)
            + count(skipped, open, "connecting", "still connecting, followed")
            + count(skipped, open, "closed-meanwhile", "closed since");
    out.append("          ").append(total).append(" skipped");
    out.append(skipped.length() == 0 ? "" : ":" + skipped.substring(1)).append('\n');
    long listeners = open.number("listeners");
    if (listeners > 0) {
      out.append("          ").append(PolicyText.count(listeners, "listener"));
      out.append(dry ? " would pass it on" : " given it, to pass on").append(" at accept\n");
    }
    for (Report.Entry one : report.all("connection")) {
      boolean client = one.text("role").equals("client");
      out.append("            ").append(one.text("local")).append(client ? " > " : " < ");
      out.append(one.text("remote")).append('\n');
    }
  }

  /** Appends a number, if it is not 0, and returns it. */
  private static long count(StringBuilder out, Report.Entry open, String name, String words) {
    long number = open.number(name);
    if (number > 0) {
      out.append(", ").append(number).append(' ').append(words);
    }
    return number;
  }
}
