package io.hbagent.cli;

import io.hbagent.control.Json;
import io.hbagent.control.Report;
import io.hbagent.control.Request;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what the agent does in a JVM, and what each connection carries. */
@Command(
    name = "status",
    description = "Show settings, hooks, and each connection as the kernel has it now.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

  private static final long EVERY_MILLIS = 2_000;

  @Mixin private Progress progress;

  @Parameters(index = "0", paramLabel = "PID|NAME", description = "The JVM.")
  private String target;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(names = "--watch", description = "Show it again every 2 s, until interrupted.")
  private boolean watch;

  @Override
  public Integer call() throws Failure, InterruptedException {
    Target jvm = Target.of(target, "status " + target, progress);
    if (watch) {
      jvm.watch(EVERY_MILLIS, report -> show(jvm, report));
    }
    show(jvm, jvm.ask(Request.Verb.STATUS, ""));
    return 0;
  }

  private void show(Target jvm, Report report) {
    String text = json ? Json.of(report) : StatusText.of(jvm.toString(), report);
    if (watch && !json && Terminal.isInteractive()) {
      System.out.print("\033[H\033[2J"); // ECMA-48: home, erase the screen
    }
    System.out.print(text);
    System.out.flush();
  }
}
