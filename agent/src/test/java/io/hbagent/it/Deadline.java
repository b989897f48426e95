package io.hbagent.it;

import java.time.Instant;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips every test that has not begun by the system property {@code tests.deadline}, in seconds
 * since 1970, and says so; without it nothing is skipped. Machines that build this project differ
 * in speed by a factor of ten, and a run that is cut off from outside tells nothing at all.
 */
public final class Deadline implements ExecutionCondition {

  private static final String PROPERTY = "tests.deadline";

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return at(System.getProperty(PROPERTY, ""), Instant.now().getEpochSecond());
  }

  static ConditionEvaluationResult at(String deadline, long now) {
    boolean over = !deadline.isBlank() && now > Long.parseLong(deadline);
    return over
        ? ConditionEvaluationResult.disabled("not begun: the time of this run was over")
        : ConditionEvaluationResult.enabled("there is time");
  }
}
