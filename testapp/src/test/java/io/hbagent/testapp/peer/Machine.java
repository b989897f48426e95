package io.hbagent.testapp.peer;

import java.math.BigDecimal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How this machine keeps time. A virtual machine whose processors are lent out stands still for a
 * second at a time and runs at a tenth of its speed: a test of fractions of a second would judge
 * the machine there, not the program. Times a program has to keep are stretched by {@link
 * #seconds}, a pause of the machine is distinguished from a slow program by {@link #pausedNanos}.
 */
public final class Machine {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int MAX_PACE = 30;

  private static final AtomicLong paused = new AtomicLong();
  private static final int PACE = measure();

  static {
    Thread clock = new Thread(Machine::watch, "machine clock");
    clock.setDaemon(true);
    clock.start();
  }

  private Machine() {}

  /**
   * A time in seconds, as an option takes it, stretched by the pace of this machine: unchanged on
   * one that is not held up.
   */
  public static String seconds(String time) {
    return new BigDecimal(time)
        .multiply(BigDecimal.valueOf(PACE))
        .stripTrailingZeros()
        .toPlainString();
  }

  /** Whether it was not held up when it was measured: times are as they are. */
  public static boolean isSteady() {
    return PACE == 1;
  }

  /** A time in nanoseconds, stretched in the same way. */
  public static long stretch(long nanos) {
    return nanos * PACE;
  }

  /**
   * For how long this JVM had stood still by now, in nanoseconds, twice over: what is measured is
   * one thread on one processor, and the other processor may have stood still at other times.
   */
  public static long pausedNanos() {
    return 2 * paused.get();
  }

  /** 1, or twice the time that a second of work takes on this machine, in seconds. */
  private static int measure() {
    double share = share(GLANCE_NANOS);
    if (share > 0.9) {
      return 1;
    }
    return (int) Math.min(MAX_PACE, Math.ceil(2 / Math.max(share(LOOK_NANOS), 0.01)));
  }

  /** The part of so long a time in which a thread that never waits was running. */
  private static double share(long nanos) {
    long start = System.nanoTime();
    long last = start;
    long away = 0;
    while (last - start < nanos) {
      long now = System.nanoTime();
      if (now - last > LATE_NANOS) {
        away += now - last;
      }
      last = now;
    }
    return 1 - (double) away / (last - start);
  }

  private static void watch() {
    long last = System.nanoTime();
    while (true) {
      LockSupport.parkNanos(TICK_NANOS);
      long now = System.nanoTime();
      long late = now - last - TICK_NANOS;
      if (late > LATE_NANOS) {
        paused.addAndGet(late);
      }
      last = now;
    }
  }
}
