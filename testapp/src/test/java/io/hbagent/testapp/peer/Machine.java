package io.hbagent.testapp.peer;

import java.math.BigDecimal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The speed and the pauses of this machine. A virtual machine with overcommitted processors may
 * pause for a second and run at a tenth of its speed, so a test of fractions of a second would
 * measure the machine, not the program. {@link #seconds} scales the times a program has to keep;
 * {@link #pausedNanos} tells a pause of the machine from a slow program.
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

  /** Returns whether the machine ran at full speed when measured, so that times are not scaled. */
  public static boolean isSteady() {
    return PACE == 1;
  }

  /** Returns a time in nanoseconds, scaled in the same way. */
  public static long stretch(long nanos) {
    return nanos * PACE;
  }

  /**
   * Returns twice the time in nanoseconds for which this JVM has paused so far: the measurement
   * covers one thread on one processor, and the other processor may have paused at other times.
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

  /** Returns the fraction of a time in which a thread that never waits was running. */
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
