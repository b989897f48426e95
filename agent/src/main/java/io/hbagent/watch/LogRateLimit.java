package io.hbagent.watch;

/**
 * How many lines may still be written: so many within a while, then sums until a new while begins.
 * Pure: the time is given.
 */
final class LogRateLimit {

  /** So many lines within {@link #MILLIS}. */
  static final int LINES = 20;

  static final int MILLIS = 10_000;

  private int since;
  private int lines = LINES;

  /**
   * Something is to be said now.
   *
   * @param now in ms, from any beginning: negative on a host that has been up for 25 to 50 days
   */
  void at(int now) {
    if (Integer.compareUnsigned(now - since, MILLIS) >= 0) {
      since = now;
      lines = LINES;
    }
  }

  /** Whether the next line may be written, rather than summed up. */
  boolean isCalm() {
    return lines > 0;
  }

  /** It was written. */
  void written() {
    lines--;
  }
}
