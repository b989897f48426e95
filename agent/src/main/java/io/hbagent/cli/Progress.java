package io.hbagent.cli;

import picocli.CommandLine.Option;

/** Waits with a time limit and shows progress. */
final class Progress {

  private static final long QUIET_MILLIS = 2_000;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long to wait for the JVM (default: ${DEFAULT-VALUE} s).")
  private int seconds;

  long limitMillis() {
    return Math.max(1, seconds) * 1000L;
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
