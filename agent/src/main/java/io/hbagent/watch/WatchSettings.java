package io.hbagent.watch;

/** Settings of the watchdog. Immutable. */
public final class WatchSettings {

  /** Rounds that cost nothing when nothing is wrong may still not follow each other too closely. */
  private static final int LEAST_INTERVAL_MILLIS = 500;

  final boolean logging;
  final int roundMillis;
  final int halfClosedAfterMillis;

  /**
   * @param logging whether transitions are logged; if not, it is there for adaptive user timeouts
   * @param roundMillis the interval between two rounds
   * @param halfClosedAfterMillis when a half-closed connection is worth a line
   */
  public WatchSettings(boolean logging, int roundMillis, int halfClosedAfterMillis) {
    this.logging = logging;
    this.roundMillis = roundMillis;
    this.halfClosedAfterMillis = halfClosedAfterMillis;
  }

  /** Returns the interval where none is given: half of the least intvl, which is in seconds. */
  public static int standardInterval(int intvl) {
    return Math.max(LEAST_INTERVAL_MILLIS, intvl * 500);
  }
}
