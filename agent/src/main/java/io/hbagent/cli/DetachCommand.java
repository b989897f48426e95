package io.hbagent.cli;

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
    String command = ShellQuoting.words("detach", restore ? "--restore" : "", target);
    Target jvm = Target.of(target, command, progress);
    Request.Verb verb = restore ? Request.Verb.RESTORE : Request.Verb.DETACH;
    Report report = jvm.ask(verb, "", "detached");
    Report.Entry done = report.first("done");
    Report.Entry open = report.first("open");
    StringBuilder out = new StringBuilder();
    out.append(jvm).append(": hb-agent detached\n");
    if (restore) {
      out.append("  open: keepalive turned off on ");
      out.append(PolicyText.count(open.number("turned-off"), "connection"));
      out.append(" that did not have it before\n");
    } else {
      long kept = open.number("kept");
      out.append("  open: ").append(PolicyText.count(kept, "connection"));
      out.append(
          kept == 1
              ? " keeps the options it was given until it closes\n"
              : " keep the options they were given until they close\n");
    }
    if (done.number("failures") > 0) {
      out.append("  failures while it was there: ").append(done.text("failures"));
      out.append(", the first: ").append(done.text("first-failure")).append('\n');
    }
    System.out.print(out);
    if (!done.text("left").isEmpty()) {
      throw CommandException.failed(
          "not all of it could be taken out; left is "
              + done.text("left")
              + "; gone after a restart");
    }
    if (jvm.hasAgentThread(THREAD_MILLIS)) {
      throw CommandException.failed(
          "the agent's thread has not ended yet; see what the thread hb-agent does with: jstack "
              + jvm.pid());
    }
    return 0;
  }
}
