package io.hbagent.watch;

/**
 * Limits the lines of transitions: {@value #LINES} within {@value #MILLIS} ms. It has no clock: the
 * time is given.
 */
final class LogRateLimit {

  static final int LINES = 20;

  static final int MILLIS = 10_000;

  private int since;
  private int lines = LINES;

  /**
   * Starts a new period if the last one is over.
   *
   * @param now in ms, from any beginning: negative on a host that has been up for 25 to 50 days
   */
  void at(int now) {
    if (Integer.compareUnsigned(now - since, MILLIS) >= 0) {
      since = now;
      lines = LINES;
    }
  }

  /** Returns whether no further line may be written in this period. */
  boolean isReached() {
    return lines <= 0;
  }

  /** Counts a line. */
  void written() {
    lines--;
  }
}
