package io.hbagent.watch;

/** Settings of the watchdog. Immutable. */
public final class WatchSettings {

  /** Rounds that cost nothing when nothing is wrong may still not follow each other too closely. */
  private static final int LEAST_INTERVAL_MILLIS = 500;

  final boolean logging;
  final int halfClosedAfterMillis;
  final boolean origin;

  /** Every connection is looked at in every round; otherwise there are sweeps alone. */
  final boolean isLooking;

  /** The thread is needed. */
  final boolean isOn;

  /** The interval between two rounds. */
  final int roundMillis;

  /** Rounds between two sweeps: as many as come nearest to the interval; 0: no sweep. */
  final int sweepRounds;

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
    this.halfClosedAfterMillis = halfClosedAfterMillis;
    this.origin = origin;
    isLooking = logging || adapting;
    isOn = isLooking || sweepMillis > 0;
    roundMillis = isLooking ? intervalMillis : sweepMillis;
    sweepRounds = sweepMillis == 0 ? 0 : Math.max(1, Math.round((float) sweepMillis / roundMillis));
  }

  /** Returns the interval where none is given: half of the least intvl, which is in seconds. */
  public static int standardInterval(int intvl) {
    return Math.max(LEAST_INTERVAL_MILLIS, intvl * 500);
  }
}
