package io.hbagent.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Waits for a JVM with a time limit and shows progress. */
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
  void seconds(String given) {
    seconds = given.matches("\\d{1,5}") ? Integer.parseInt(given) : 0;
    if (seconds < 1 || seconds > MAX_SECONDS) {
      throw new ParameterException(
          spec.commandLine(),
          "--timeout=" + given + " is not allowed; allowed is 1 to " + MAX_SECONDS + " (seconds)");
    }
  }

  long limitMillis() {
    return seconds * 1000L;
  }

  /** Returns the command as the user typed it. */
  String command() {
    return Text.shellWords(
        spec.root().commandLine().getParseResult().originalArgs().toArray(new String[0]));
  }

  /**
   * Runs a call of the attach API, which may block for ever, on a daemon thread.
   *
   * @param jvm whose answer it waits for, as it is shown
   * @throws TimeoutException if it has not returned within the time limit
   */
  <T> T await(String jvm, Callable<T> call)
      throws InterruptedException, ExecutionException, TimeoutException {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = new Thread(task, "attach");
    thread.setDaemon(true);
    thread.start();
    long start = System.currentTimeMillis();
    thread.join(QUIET_MILLIS);
    long waited = System.currentTimeMillis() - start;
    boolean shown = false;
    while (thread.isAlive() && waited < limitMillis()) {
      if (Terminal.showsErrors()) {
        System.err.print("\rwaiting for " + jvm + " … " + waited / 1000 + " s");
      } else if (!shown) {
        System.err.println("waiting for " + jvm + " …");
      }
      shown = true;
      thread.join(Math.min(QUIET_MILLIS, limitMillis() - waited));
      waited = System.currentTimeMillis() - start;
    }
    if (shown && Terminal.showsErrors()) {
      System.err.println();
    }
    return task.get(0, TimeUnit.MILLISECONDS);
  }
}
