package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Tests are skipped only if a pause was longer than they allow. */
class SteadyMachineTest {

  @Test
  void onlyForLongPauses() {
    assertFalse(SteadyMachine.with(0).isDisabled());
    assertFalse(SteadyMachine.with(SteadyMachine.MOST_MILLIS).isDisabled());
    assertTrue(SteadyMachine.with(SteadyMachine.MOST_MILLIS + 1).isDisabled());
    assertEquals(
        "this machine pauses for up to 1100 ms: too long for this test",
        SteadyMachine.with(1100).getReason().orElseThrow());
  }
}
