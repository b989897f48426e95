package io.hbagent.cli;

import io.hbagent.config.BadOption;
import io.hbagent.config.OptionPaths;
import io.hbagent.config.Settings;
import io.hbagent.config.SettingsReader;
import io.hbagent.control.Report;
import io.hbagent.control.ReportEntry;
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
      text = OptionPaths.absolute(options);
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
    ReportEntry agent = report.first("agent");
    ReportEntry hooks = report.first("hooks");
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
    SweepText.append(out, report, dry);
    for (ReportEntry warning : report.all("warning")) {
      out.append("  warning: ").append(warning.text("text")).append('\n');
    }
    System.out.print(out);
  }
}
