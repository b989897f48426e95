package io.hbagent.testapp.peer;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition, with a limit. */
public final class Wait {
  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(1);

  private Wait() {}

  /** Returns when the condition holds; fails after a minute, however slow the machine. */
  public static void until(BooleanSupplier condition, Supplier<String> complaint) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > LIMIT_NANOS) {
        fail(complaint.get());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
