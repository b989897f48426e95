package io.hbagent.it;

import java.time.Instant;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips every test that has not begun by the system property {@code tests.deadline}, in seconds
 * since 1970; without the property nothing is skipped. Machines that build this project differ in
 * speed by a factor of ten, and a run that is killed leaves no report.
 */
public final class Deadline implements ExecutionCondition {

  /** The reason in the report of a skipped test. */
  public static final String OVER = "not begun: the time of this run was over";

  private static final String PROPERTY = "tests.deadline";

  /** Returns whether the deadline has passed. Any thread may call it. */
  public static boolean isOver() {
    return isOver(System.getProperty(PROPERTY, ""), Instant.now().getEpochSecond());
  }

  private static boolean isOver(String deadline, long now) {
    return !deadline.isBlank() && now > Long.parseLong(deadline);
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return at(System.getProperty(PROPERTY, ""), Instant.now().getEpochSecond());
  }

  static ConditionEvaluationResult at(String deadline, long now) {
    return isOver(deadline, now)
        ? ConditionEvaluationResult.disabled(OVER)
        : ConditionEvaluationResult.enabled("there is time");
  }
}
