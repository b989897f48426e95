package io.hbagent.cli;

import static io.hbagent.cli.Text.count;
import static io.hbagent.cli.Text.fill;

import io.hbagent.control.Report;
import io.hbagent.control.Request;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes the agent out of a JVM. */
@Command(
    name = "detach",
    description = "Take hb-agent out of a running JVM: no hook, no thread, no class stays.",
    mixinStandardHelpOptions = true)
final class DetachCommand implements Callable<Integer> {

  /** The agent has waited for its thread before; this is for the kernel. */
  private static final long THREAD_MILLIS = 2_000;

  @Mixin private Progress progress;

  @Parameters(index = "0", paramLabel = "PID|NAME", description = "The JVM.")
  private String target;

  @Option(names = "--restore", description = "Give the open connections back what they had before.")
  private boolean restore;

  @Override
  public Integer call() throws CommandException, InterruptedException {
    Target jvm = Target.of(target, progress);
    Request.Verb verb = restore ? Request.Verb.RESTORE : Request.Verb.DETACH;
    Report report = jvm.ask(verb, "", "detached");
    Report.Entry done = report.first("done");
    Report.Entry open = report.first("open");
    System.out.println(jvm + ": hb-agent detached");
    if (restore) {
      String connections = count(open.number("turned-off"), "connection");
      System.out.println(
          "  open: keepalive turned off on " + connections + " that did not have it before");
    } else {
      long kept = open.number("kept");
      System.out.println(
          "  open: "
              + count(kept, "connection")
              + (kept == 1
                  ? " keeps the options it was given until it closes"
                  : " keep the options they were given until they close"));
    }
    if (done.number("failures") > 0) {
      System.out.println(
          fill("  failures while it was there: {failures}, the first: {first-failure}", done));
    }
    if (!done.text("left").isEmpty()) {
      throw CommandException.failed(
          "not all of it could be taken out; left is %s; gone after a restart", done.text("left"));
    }
    if (jvm.hasAgentThread(THREAD_MILLIS)) {
      throw CommandException.failed(
          "the agent's thread has not ended yet; see what the thread hb-agent does with: jstack %s",
          jvm.pid());
    }
    return 0;
  }
}
