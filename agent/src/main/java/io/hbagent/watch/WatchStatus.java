package io.hbagent.watch;

import java.util.Map;

/** The watchdog's counters at one moment, for the status report and the MBean. Immutable. */
public final class WatchStatus {

  private final Map<Transition, Long> counts;
  private final int watched;
  private final int halfOpenNow;
  private final long longestMillis;
  private final long rounds;

  WatchStatus(
      Map<Transition, Long> counts, int watched, int halfOpenNow, long longestMillis, long rounds) {
    this.counts = counts;
    this.watched = watched;
    this.halfOpenNow = halfOpenNow;
    this.longestMillis = longestMillis;
    this.rounds = rounds;
  }

  private long get(Transition which) {
    return counts.get(which);
  }

  /** Connections looked at in the last round. */
  public int watched() {
    return watched;
  }

  /** How many rounds there were. */
  public long rounds() {
    return rounds;
  }

  /** Connections that are half-open now. */
  public int halfOpenNow() {
    return halfOpenNow;
  }

  /** Connections that were ever found half-open. */
  public long halfOpenEver() {
    return unansweredProbes() + unacknowledgedData();
  }

  /** Those of them that were found by probes nobody answered. */
  public long unansweredProbes() {
    return get(Transition.UNANSWERED_PROBES);
  }

  /** Those of them that were found by data nobody acknowledged. */
  public long unacknowledgedData() {
    return get(Transition.UNACKNOWLEDGED_DATA);
  }

  /** Half-open connections whose peer answered again. */
  public long recovered() {
    return get(Transition.RECOVERED);
  }

  /** Connections the kernel gave up because nobody answered. */
  public long deadByTimeout() {
    return get(Transition.DEAD_TIMEOUT);
  }

  /** Connections that ended by a reset of the peer. */
  public long deadByReset() {
    return get(Transition.DEAD_RESET);
  }

  /** Half-open connections the application closed before the kernel gave them up. */
  public long closed() {
    return get(Transition.CLOSED);
  }

  /** Connections that the application left open long after the peer had closed them. */
  public long halfClosed() {
    return get(Transition.HALF_CLOSED);
  }

  /** The longest a connection was half-open, in ms. */
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
