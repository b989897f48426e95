package io.hbagent.watch;

/** What the user has chosen for the watchdog. Immutable. */
public final class WatchSettings {

  /** Looks that cost nothing when nothing is wrong may still not follow each other too closely. */
  private static final int LEAST_INTERVAL_MILLIS = 500;

  final boolean logging;
  final boolean adapting;
  final int intervalMillis;
  final int sweepMillis;
  final int halfClosedAfterMillis;
  final boolean origin;

  /**
   * @param logging whether transitions are logged
   * @param adapting whether a policy has an adaptive user timeout
   * @param intervalMillis between two rounds
   * @param sweepMillis between two looks for connections no hook has seen; 0: never
   * @param halfClosedAfterMillis when a half-closed connection is worth a line
   * @param origin whether the code that opens a connection is noted
   */
  public WatchSettings(
      boolean logging,
      boolean adapting,
      int intervalMillis,
      int sweepMillis,
      int halfClosedAfterMillis,
      boolean origin) {
    this.logging = logging;
    this.adapting = adapting;
    this.intervalMillis = intervalMillis;
    this.sweepMillis = sweepMillis;
    this.halfClosedAfterMillis = halfClosedAfterMillis;
    this.origin = origin;
  }

  /** The interval where none is given: half of the least intvl, in seconds. */
  public static int standardInterval(int intvl) {
    return Math.max(LEAST_INTERVAL_MILLIS, intvl * 500);
  }

  /** Whether anything is to be done. */
  boolean isOn() {
    return isLooking() || sweepMillis > 0;
  }

  /** Whether every connection is looked at in every round. */
  boolean isLooking() {
    return logging || adapting;
  }

  /** Between two rounds, in milliseconds. */
  int roundMillis() {
    return isLooking() ? intervalMillis : sweepMillis;
  }

  /** Rounds between two sweeps: as many as come nearest to the interval; 0: no sweep. */
  int sweepRounds() {
    return sweepMillis == 0 ? 0 : Math.max(1, Math.round((float) sweepMillis / roundMillis()));
  }
}
