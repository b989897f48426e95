package io.hbagent.cli;

import io.hbagent.control.Report;
import io.hbagent.control.Request;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the agent's settings in a JVM, and the options of each connection. */
@Command(
    name = "status",
    description = "Show settings, hooks, and each connection as the kernel has it now.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

  @Mixin private Progress progress;

  @Parameters(index = "0", paramLabel = "PID|NAME", description = "The JVM.")
  private String target;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--wide",
      description = "Cut nothing off at the edge of the screen (80 columns if there is none).")
  private boolean wide;

  @Option(
      names = "--watch",
      description = "Show it again every 2 s, until interrupted: what the screen holds.")
  private boolean watch;

  @Override
  public Integer call() throws CommandException, InterruptedException {
    Target jvm = Target.of(target, progress);
    if (watch) {
      jvm.watch(report -> show(jvm, report));
    } else {
      show(jvm, jvm.ask(Request.Verb.STATUS, ""));
    }
    return 0;
  }

  /** Shows it; returns false once no one reads it, as behind a {@code head} that has ended. */
  private boolean show(Target jvm, Report report) {
    if (json) {
      System.out.print(report.toJson());
    } else {
      int[] size = Terminal.size();
      String text = StatusText.of(jvm.toString(), report, wide ? Integer.MAX_VALUE : size[1]);
      if (watch && Terminal.showsOutput()) {
        System.out.print("\033[H\033[2J"); // ECMA-48: home, erase the screen
        text = StatusText.top(text, size[0]);
      }
      System.out.print(text);
    }
    return !System.out.checkError(); // which flushes
  }
}
