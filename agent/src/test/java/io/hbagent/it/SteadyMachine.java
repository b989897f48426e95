package io.hbagent.it;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips tests that check times of a second or less where the machine itself pauses for longer than
 * they allow: on a virtual machine with overcommitted processors the kernel's timers are late as
 * well. Measured once per run, by a thread that spins for two seconds.
 */
public final class SteadyMachine implements ExecutionCondition {

  /** Longest pause allowed: a fraction of half a second, the watchdog's shortest interval. */
  static final long MOST_MILLIS = 200;

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Holds the longest pause; measured on first use. */
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
            "this machine pauses for up to " + pauseMillis + " ms: too long for this test")
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
