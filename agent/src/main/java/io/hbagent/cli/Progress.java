package io.hbagent.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Waits with a time limit and shows progress. */
final class Progress {

  private static final long QUIET_MILLIS = 2_000;
  private static final int MAX_SECONDS = 86_400;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  private int seconds;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long to wait for the JVM, 1 to 86400 (default: ${DEFAULT-VALUE} s).")
  void seconds(int given) {
    if (given < 1 || given > MAX_SECONDS) {
      throw new ParameterException(
          spec.commandLine(),
          "--timeout=" + given + " is not allowed; allowed is 1 to " + MAX_SECONDS + " (seconds)");
    }
    seconds = given;
  }

  long limitMillis() {
    return seconds * 1000L;
  }

  /** Waits for the end of a thread; returns false after the time limit. */
  boolean await(Thread thread, String what) throws InterruptedException {
    long start = System.currentTimeMillis();
    boolean terminal = Terminal.isInteractive() && !Terminal.errorsGoElsewhere();
    boolean shown = false;
    thread.join(QUIET_MILLIS);
    long waited = System.currentTimeMillis() - start;
    while (thread.isAlive() && waited < limitMillis()) {
      if (terminal) {
        System.err.print("\r" + what + " … " + waited / 1000 + " s");
      } else if (!shown) {
        System.err.println(what + " …");
      }
      shown = true;
      thread.join(Math.min(QUIET_MILLIS, limitMillis() - waited));
      waited = System.currentTimeMillis() - start;
    }
    if (shown && terminal) {
      System.err.println();
    }
    return !thread.isAlive();
  }
}
