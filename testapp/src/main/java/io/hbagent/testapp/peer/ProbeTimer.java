package io.hbagent.testapp.peer;

import java.util.function.LongSupplier;

/**
 * Decides when to probe a silent peer and when to give it up: the first probe after {@code idle} of
 * silence, the next ones {@code intvl} apart, the verdict {@code intvl} after the last of {@code
 * cnt}. A dead peer is thus found {@code idle + intvl * cnt} after it was last heard, the kernel's
 * own sum for TCP keepalive.
 *
 * <p>Only what is <em>heard</em> ends the silence. If sending did, an application that keeps
 * talking to a dead peer would never ask.
 */
public final class ProbeTimer {
  /** The action that is due. */
  public enum Action {
    /** No action until {@link #remainingNanos} have passed. */
    WAIT,
    /** Send a probe; {@link #unanswered} is its number, from 1. */
    PROBE,
    /** Give the peer up. */
    DEAD
  }

  private final long idleNanos;
  private final long intvlNanos;
  private final int cnt;
  private final LongSupplier nanoClock;

  private long heard;
  private long waitingSince;
  private int unanswered;

  /**
   * A timer for a peer heard just now.
   *
   * @param idleNanos silence before the first probe, at least 1
   * @param intvlNanos from one probe to the next, at least 1
   * @param cnt unanswered probes that make a peer dead, at least 1
   * @param nanoClock {@link System#nanoTime}, or a test's
   */
  public ProbeTimer(long idleNanos, long intvlNanos, int cnt, LongSupplier nanoClock) {
    if (idleNanos < 1 || intvlNanos < 1 || cnt < 1) {
      throw new IllegalArgumentException(
          "idle " + idleNanos + ", intvl " + intvlNanos + ", cnt " + cnt + ": each is at least 1");
    }
    this.idleNanos = idleNanos;
    this.intvlNanos = intvlNanos;
    this.cnt = cnt;
    this.nanoClock = nanoClock;
    heard();
  }

  /** Returns a timer that never expires, for a program that leaves probing to the kernel. */
  public static ProbeTimer never() {
    return new ProbeTimer(Long.MAX_VALUE, Long.MAX_VALUE, 1, () -> 0);
  }

  /** Records that the peer was heard: the silence starts again and no probe is outstanding. */
  public void heard() {
    heard = nanoClock.getAsLong();
    waitingSince = heard;
    unanswered = 0;
  }

  /**
   * Returns the action that is due, and assumes that it is done. Call it after reading what has
   * arrived.
   */
  public Action poll() {
    if (remainingNanos() > 0) {
      return Action.WAIT;
    }
    if (unanswered == cnt) {
      return Action.DEAD;
    }
    unanswered++;
    // Counted from now, not from when it was due: a process that was itself stopped for a minute
    // owes its peer the full time for each answer.
    waitingSince = nanoClock.getAsLong();
    return Action.PROBE;
  }

  /**
   * Returns the nanoseconds until {@link #poll} returns something other than {@code WAIT}; 0 for
   * now.
   */
  public long remainingNanos() {
    long wait = unanswered == 0 ? idleNanos : intvlNanos;
    return Math.max(0, wait - (nanoClock.getAsLong() - waitingSince));
  }

  /** Returns the number of probes sent since the peer was last heard. */
  public int unanswered() {
    return unanswered;
  }

  /** Returns the nanoseconds since the peer was last heard. */
  public long silentNanos() {
    return nanoClock.getAsLong() - heard;
  }
}
