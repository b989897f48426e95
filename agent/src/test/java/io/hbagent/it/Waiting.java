package io.hbagent.it;

import java.util.concurrent.Callable;

/** Waits for what no line of output tells. */
final class Waiting {

  private static final long PAUSE_MILLIS = 20;

  private Waiting() {}

  /** The first value that is not null. */
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
