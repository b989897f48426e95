package io.hbagent.runtime;

import io.hbagent.control.Report;

/**
 * An attach until it is known how it ends: the agent's thread carries it out, the one that asked
 * for it waits.
 *
 * <p>The two agree on the end, whatever the time: either the agent's thread ends it with what it
 * did, or the other one gives it up, and then the agent's thread takes back what it had done by
 * then. Where that thread has died without a word, the other one takes back.
 */
final class PendingAttach {

  /** Far above what a start takes; an attach must not wait for ever. */
  private static final long LIMIT_SECONDS = 20;

  private static final long LOOK_MILLIS = 500;

  private Report report;
  private boolean givenUp;

  /**
   * Waits for the end; on the thread that asked for it.
   *
   * @return how it ended; null when it was given up, or when the agent's thread has died
   */
  synchronized Report await(Thread agent) {
    long begin = System.nanoTime();
    while (report == null
        && agent.isAlive()
        && System.nanoTime() - begin < LIMIT_SECONDS * 1_000_000_000L) {
      try {
        wait(LOOK_MILLIS);
      } catch (InterruptedException e) {
        // By an application that interrupts every thread it finds; the JVM's own needs no such end.
      }
    }
    givenUp = report == null && agent.isAlive();
    return report;
  }

  /** Ends it, on the agent's thread; false when it was given up before. */
  synchronized boolean end(Report done) {
    if (givenUp) {
      return false;
    }
    report = done;
    notifyAll();
    return true;
  }

  /** Whether it has not come to an end yet that the other thread knows of. */
  synchronized boolean isOpen() {
    return report == null;
  }

  /** Whether nobody waits for it any more. */
  synchronized boolean isGivenUp() {
    return givenUp;
  }

  /** Goes no further with what was given up. */
  void check() {
    if (isGivenUp()) {
      throw new IllegalStateException("given up after " + LIMIT_SECONDS + " s");
    }
  }

  /** What is answered when it was given up. */
  static Report late() {
    return Report.failed(
        "the agent's thread did not start in it within "
            + LIMIT_SECONDS
            + " s, and takes back what it has begun as soon as it can: nothing stays of it; try again"
            + " when the JVM is less busy");
  }

  /**
   * What is answered when the agent's thread has died on it.
   *
   * @param reason what it died of, or null
   * @param left as in {@link #failed}
   */
  static Report died(Throwable reason, String left) {
    return failed("its thread died" + (reason == null ? "" : " of " + reason), left);
  }

  /**
   * What is answered when it cannot be finished.
   *
   * @param left what could not be taken back, or null
   */
  static Report failed(Throwable e, String left) {
    return failed(e.toString(), left);
  }

  private static Report failed(String reason, String left) {
    return Report.failed(
        "the agent could not start in it ("
            + reason
            + "), and took everything back"
            + (left == null ? "" : " but for this: " + left)
            + "; check that hb-agent.jar is whole and that the JVM has memory left, then try again");
  }
}
