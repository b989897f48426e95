package io.hbagent.watch;

/** The watchdog's counters at one moment, for the status report and the MBean. Immutable. */
public final class WatchStatus {

  /** By ordinal of the transition. */
  private final long[] counts;

  private final int watched;
  private final int halfOpenNow;
  private final long longestMillis;
  private final long rounds;

  WatchStatus(long[] counts, int watched, int halfOpenNow, long longestMillis, long rounds) {
    this.counts = counts;
    this.watched = watched;
    this.halfOpenNow = halfOpenNow;
    this.longestMillis = longestMillis;
    this.rounds = rounds;
  }

  private long get(Transition which) {
    return counts[which.ordinal()];
  }

  /** Returns the number of connections looked at in the last round. */
  public int watched() {
    return watched;
  }

  /** Returns the number of rounds. */
  public long rounds() {
    return rounds;
  }

  /** Returns the number of connections that are half-open now. */
  public int halfOpenNow() {
    return halfOpenNow;
  }

  /** Returns the number of connections that were ever found half-open. */
  public long halfOpenEver() {
    return unansweredProbes() + unacknowledgedData();
  }

  /** Returns the number of those that were found by unanswered probes. */
  public long unansweredProbes() {
    return get(Transition.UNANSWERED_PROBES);
  }

  /** Returns the number of those that were found by unacknowledged data. */
  public long unacknowledgedData() {
    return get(Transition.UNACKNOWLEDGED_DATA);
  }

  /** Returns the number of half-open connections whose peer answered again. */
  public long recovered() {
    return get(Transition.RECOVERED);
  }

  /** Returns the number of connections the kernel dropped because the peer did not answer. */
  public long deadByTimeout() {
    return get(Transition.DEAD_TIMEOUT);
  }

  /** Returns the number of connections that ended by a reset of the peer. */
  public long deadByReset() {
    return get(Transition.DEAD_RESET);
  }

  /** Returns the number of half-open connections the application closed first. */
  public long closed() {
    return get(Transition.CLOSED);
  }

  /** Returns the number of connections left open long after the peer had closed them. */
  public long halfClosed() {
    return get(Transition.HALF_CLOSED);
  }

  /** Returns the longest time a connection was half-open, in ms. */
  public long longestMillis() {
    return longestMillis;
  }

  @Override
  public String toString() {
    return "half-open-now="
        + halfOpenNow
        + " half-open-ever="
        + halfOpenEver()
        + " unanswered-probes="
        + unansweredProbes()
        + " unacknowledged-data="
        + unacknowledgedData()
        + " recovered="
        + recovered()
        + " dead-timeout="
        + deadByTimeout()
        + " dead-reset="
        + deadByReset()
        + " closed="
        + closed()
        + " half-closed="
        + halfClosed()
        + " longest-ms="
        + longestMillis;
  }
}
