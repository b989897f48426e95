package io.hbagent.it;

import java.util.concurrent.Callable;

/** Waits for conditions that no line of output shows. */
final class Waiting {

  private static final long PAUSE_MILLIS = 20;

  private Waiting() {}

  /** Polls until a condition is true. */
  static void until(Forked app, Callable<Boolean> condition) throws Exception {
    forValue(app, () -> condition.call() ? true : null);
  }

  /** Polls until a value is not null, and returns it. */
  static <T> T forValue(Forked app, Callable<T> source) throws Exception {
    long deadline = System.nanoTime() + Forked.LIMIT.toNanos();
    T value = source.call();
    while (value == null) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(app.describe("did not do what was waited for"));
      }
      Thread.sleep(PAUSE_MILLIS);
      value = source.call();
    }
    return value;
  }
}
