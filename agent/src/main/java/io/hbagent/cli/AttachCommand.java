package io.hbagent.cli;

import static io.hbagent.cli.Text.count;
import static io.hbagent.cli.Text.fill;

import io.hbagent.config.BadOption;
import io.hbagent.config.Help;
import io.hbagent.config.OptionText;
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
      "Once more: these OPTIONS replace all that were given before, a config=FILE too."
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
      description = "Change nothing; list the open connections that would be given the policy.")
  private boolean dryRun;

  @Override
  public Integer call() throws CommandException, InterruptedException {
    String text;
    try {
      text = OptionText.absolute(options);
      if (SettingsReader.read(text, null, null).help()) {
        System.out.print(Help.text());
        return 0;
      }
    } catch (BadOption e) {
      throw CommandException.usage(e);
    }
    Target jvm = Target.of(target, progress);
    Report report =
        dryRun
            ? jvm.ask(Request.Verb.DRY_RUN, text, "dry-run")
            : jvm.ask(Request.Verb.ATTACH, text, "attached", "reconfigured", "unchanged");
    System.out.print(text(jvm, report));
    return 0;
  }

  private String text(Target jvm, Report report) {
    Report.Entry agent = report.first("agent");
    StringBuilder out = new StringBuilder();
    out.append(jvm).append(fill(": hb-agent {version} ", agent));
    out.append(
        dryRun
            ? "would be attached; nothing was changed\n"
            : fill("{what}\n", report.first("done")));
    out.append("  policy: ").append(Text.policy(agent)).append('\n');
    out.append(fill("  from:   {source}\n", agent));
    if (!dryRun) {
      out.append(fill("  hooks:  {woven} of {known} this JDK has\n", report.first("hooks")));
    }
    if (!report.all("open").isEmpty()) {
      appendOpen(out, report);
    }
    for (Report.Entry warning : report.all("warning")) {
      out.append(fill("  warning: {text}\n", warning));
    }
    return out.toString();
  }

  private void appendOpen(StringBuilder out, Report report) {
    Report.Entry open = report.first("open");
    out.append("  open:   ").append(count(open.number("given"), "connection"));
    out.append(dryRun ? " would be given the policy" : " given the policy");
    appendCount(out, open, "turned-off", "turned off");
    out.append('\n');
    StringBuilder skipped = new StringBuilder();
    String chosen = fill("chosen by the application (conflict={conflict})", report.first("agent"));
    long total =
        appendCount(skipped, open, "same", "have it already")
            + appendCount(skipped, open, "skipped-by-rule", "off by rule")
            + appendCount(skipped, open, "skipped-own-choice", chosen)
            + appendCount(skipped, open, "connecting", "still connecting, followed")
            + appendCount(skipped, open, "closed-meanwhile", "closed since");
    out.append("          ").append(total).append(" skipped");
    out.append(total == 0 ? "" : ":" + skipped.substring(1)).append('\n');
    long listeners = open.number("listeners");
    if (listeners > 0) {
      out.append("          ").append(count(listeners, "listener"));
      out.append(dryRun ? " would pass it on" : " given it, to pass on").append(" at accept\n");
    }
    for (Report.Entry one : report.all("connection")) {
      String arrow = one.text("role").equals("client") ? ">" : "<";
      out.append(fill("            {local} " + arrow + " {remote}\n", one));
    }
  }

  /** Appends a number, if it is not 0, and returns it. */
  private static long appendCount(StringBuilder out, Report.Entry open, String name, String words) {
    long number = open.number(name);
    if (number > 0) {
      out.append(", ").append(number).append(' ').append(words);
    }
    return number;
  }
}
