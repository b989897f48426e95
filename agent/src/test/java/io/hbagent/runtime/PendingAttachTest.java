package io.hbagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.control.Report;
import org.junit.jupiter.api.Test;

/** Two threads that agree on how an attach ended. */
class PendingAttachTest {

  @Test
  void threadThatDiedIsNotWaitedForAndTakesNothingBack() throws Exception {
    Thread dead = new Thread(() -> {});
    dead.start();
    dead.join();
    PendingAttach attempt = new PendingAttach();
    assertNull(attempt.await(dead));
    assertFalse(attempt.isGivenUp(), "there is no one to roll it back");
    assertEquals(
        "the agent could not start in it (its thread died of java.lang.OutOfMemoryError: Java heap"
            + " space), and took everything back but for this: x; check that hb-agent.jar is whole and"
            + " that the JVM has memory left, then try again",
        PendingAttach.died(new OutOfMemoryError("Java heap space"), "x").failure());
    assertTrue(PendingAttach.died(null, null).failure().contains("(its thread died), and took"));
  }

  @Test
  void interruptOfTheOneThatWaitsEndsNothing() throws Exception {
    PendingAttach attempt = new PendingAttach();
    Report report = Report.ok();
    Thread agent =
        new Thread(
            () -> {
              try {
                Thread.sleep(100);
              } catch (InterruptedException e) {
                return;
              }
              attempt.end(report);
            });
    agent.start();
    Thread.currentThread().interrupt();
    assertSame(report, attempt.await(agent));
    agent.join();
  }
}
