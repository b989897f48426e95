package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Tests are skipped only when a deadline was given and has passed. */
class DeadlineTest {

  @Test
  void onlyWhenItIsOver() {
    assertFalse(Deadline.at("", 1000).isDisabled());
    assertFalse(Deadline.at("1000", 1000).isDisabled());
    assertTrue(Deadline.at("1000", 1001).isDisabled());
  }
}
