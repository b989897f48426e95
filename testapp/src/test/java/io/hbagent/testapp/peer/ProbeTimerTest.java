package io.hbagent.testapp.peer;

import static io.hbagent.testapp.peer.ProbeTimer.Action.DEAD;
import static io.hbagent.testapp.peer.ProbeTimer.Action.PROBE;
import static io.hbagent.testapp.peer.ProbeTimer.Action.WAIT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Idle 10, intvl 3, cnt 3, on a fake clock. */
class ProbeTimerTest {
  private long now = Long.MAX_VALUE - 5; // nanoTime may overflow in the middle of a wait
  private final ProbeTimer timer = new ProbeTimer(10, 3, 3, () -> now);

  @Test
  void silentPeerIsProbedAndDeclaredDeadAfterIdlePlusIntvlTimesCnt() {
    at(9, WAIT, 1);
    at(10, PROBE, 3);
    at(12, WAIT, 1);
    at(13, PROBE, 3);
    at(16, PROBE, 3);
    at(18, WAIT, 1);
    at(19, DEAD, 0);
    assertEquals(3, timer.unanswered());
    assertEquals(19, timer.silentNanos());
  }

  @Test
  void anAnswerStartsTheSilenceAnew() {
    at(10, PROBE, 3);
    at(13, PROBE, 3);
    timer.heard();
    assertEquals(0, timer.unanswered());
    at(22, WAIT, 1);
    at(23, PROBE, 3);
    assertEquals(1, timer.unanswered());
  }

  @Test
  void aProcessThatWasStoppedGivesItsPeerTheFullTimeForEachAnswer() {
    at(1000, PROBE, 3);
    at(1001, WAIT, 2);
    at(1003, PROBE, 3);
    at(1006, PROBE, 3);
    at(1009, DEAD, 0);
  }

  @Test
  void neverIsNever() {
    ProbeTimer never = ProbeTimer.never();
    assertEquals(WAIT, never.poll());
    assertEquals(Long.MAX_VALUE, never.remainingNanos());
  }

  @Test
  void numbersBelowOneAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new ProbeTimer(0, 1, 1, () -> 0));
    assertThrows(IllegalArgumentException.class, () -> new ProbeTimer(1, 0, 1, () -> 0));
    assertThrows(IllegalArgumentException.class, () -> new ProbeTimer(1, 1, 0, () -> 0));
  }

  private void at(long time, ProbeTimer.Action expected, long remaining) {
    now = Long.MAX_VALUE - 5 + time;
    assertEquals(expected, timer.poll(), "at " + time);
    assertEquals(remaining, timer.remainingNanos(), "left at " + time);
  }
}
