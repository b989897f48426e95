package io.hbagent.it;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips tests that hold a real kernel to times of a second or less where the machine itself stands
 * still for longer than they allow, and says for how long: on a virtual machine whose processors
 * are lent out, the timers of its kernel are late as well, and such a test tells of nothing else.
 * Decided once for a run, by two seconds in which one thread never waits.
 */
public final class SteadyMachine implements ExecutionCondition {

  /** A part of half a second, the watchdog's shortest interval, that may be lost without harm. */
  static final long MOST_MILLIS = 200;

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Measured when a test first asks. */
  private static final class Longest {
    static final long PAUSE_MILLIS = measure();
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return with(Longest.PAUSE_MILLIS);
  }

  static ConditionEvaluationResult with(long pauseMillis) {
    return pauseMillis > MOST_MILLIS
        ? ConditionEvaluationResult.disabled(
            "this machine stands still for " + pauseMillis + " ms at a time: no test of seconds")
        : ConditionEvaluationResult.enabled("no pause was longer than " + pauseMillis + " ms");
  }

  private static long measure() {
    long start = System.nanoTime();
    long last = start;
    long longest = 0;
    while (last - start < LOOK_NANOS) {
      long now = System.nanoTime();
      longest = Math.max(longest, now - last);
      last = now;
    }
    return TimeUnit.NANOSECONDS.toMillis(longest);
  }
}
