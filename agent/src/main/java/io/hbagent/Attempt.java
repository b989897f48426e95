package io.hbagent;

import io.hbagent.control.Report;

/**
 * An attach until it is known how it ends: the agent's thread carries it out, the one that asked
 * for it waits.
 *
 * <p>The two agree on the end, whatever the time: either the agent's thread ends it with what it
 * did, or the other one gives it up, and then the agent's thread takes back what it had done by
 * then.
 */
final class Attempt {

  /** Far above what a start takes; an attach must not wait for ever. */
  private static final long LIMIT_MILLIS = 20_000;

  private static final long LOOK_MILLIS = 500;

  private Report report;
  private boolean givenUp;

  /** Waits for the end; on the thread that asked for it. */
  synchronized Report await(Thread agent) throws InterruptedException {
    long limit = System.currentTimeMillis() + LIMIT_MILLIS;
    try {
      while (report == null && agent.isAlive() && System.currentTimeMillis() < limit) {
        wait(LOOK_MILLIS);
      }
    } finally {
      givenUp = report == null;
    }
    if (givenUp) {
      return Report.failed(
          "the agent's thread did not start in it within "
              + LIMIT_MILLIS / 1000
              + " s; nothing stays of it, for what it had begun it takes back as soon as it can; try"
              + " again when the JVM is less busy");
    }
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
      throw new IllegalStateException("given up after " + LIMIT_MILLIS / 1000 + " s");
    }
  }

  /**
   * What is answered when it cannot be finished.
   *
   * @param left what could not be taken back, or null
   */
  static Report failed(Throwable e, String left) {
    return Report.failed(
        "the agent could not start in it ("
            + e
            + "), and took everything back"
            + (left == null ? "" : " but for this: " + left)
            + "; check that hb-agent.jar is whole and that the JVM has memory left, then try again");
  }
}
