package io.hbagent.watch;

import static io.hbagent.watch.WatchedConnection.BY_DATA;
import static io.hbagent.watch.WatchedConnection.CONNECTED;
import static io.hbagent.watch.WatchedConnection.ENDED;
import static io.hbagent.watch.WatchedConnection.EPISODE;
import static io.hbagent.watch.WatchedConnection.HALF_CLOSED;
import static io.hbagent.watch.WatchedConnection.HALF_OPEN;
import static io.hbagent.watch.WatchedConnection.PEER_CLOSED;
import static io.hbagent.watch.WatchedConnection.PROBED;
import static io.hbagent.watch.WatchedConnection.QUIETING;
import static io.hbagent.watch.WatchedConnection.ZERO_WINDOW;

import io.hbagent.keepalive.Policy;
import io.hbagent.tcp.TcpInfo;
import io.hbagent.tcp.Timers;
import java.util.function.ToIntFunction;

/**
 * The half-open detector: counters of the kernel in, transitions out. It has no clock and makes no
 * system call; its memory of a connection is the {@link WatchedConnection} it is given. One thread.
 *
 * <p>One sight of an unanswered probe or of a retransmission proves nothing. A probe counts as
 * unanswered until its answer comes, one round trip later; one lost packet shows one
 * retransmission. And the counters hand over to each other: when data is written to a dead peer
 * that was being probed, they show 1, 2, 0 probes before the retransmissions begin to climb.
 */
final class Detector {

  /**
   * Longer than a round trip (satellites: 0.6 s), shorter than the smallest intvl. Until then a
   * probe may still be answered.
   */
  static final int ROUND_TRIP_MILLIS = 900;

  /** The number of retransmissions from which data counts as unacknowledged. */
  private static final int SEVERAL = 3;

  /** The kernel's tcp_retries2: it gives up after so many retransmissions, some 15 minutes. */
  private static final int RETRIES = 15;

  private static final int OF_AN_EPISODE =
      EPISODE | HALF_OPEN | BY_DATA | QUIETING | PROBED | ZERO_WINDOW;

  /** With any of these, a check that shows zeroes can still be a transition. */
  private static final int UNSETTLED = EPISODE | HALF_OPEN | QUIETING | PEER_CLOSED | ENDED;

  /**
   * The losses that healthy connections have survived lately, as counts of probes or
   * retransmissions in a row.
   *
   * <p>At 2% loss each way a healthy connection that sends every second shows three retransmissions
   * in a row every four hours, and ten thousand of them show it every second: no fixed count
   * distinguishes loss from a dead peer. So a count is convincing when it is above what was
   * survived within the last ten minutes by a margin. On a quiet network the margin alone decides.
   * It has no clock: the time is given.
   */
  static final class LossHistory {

    private static final int DEEPEST = 32;
    private static final int MEMORY_MILLIS = 600_000;

    private final int[] healedAt = new int[DEEPEST];
    private final boolean[] healed = new boolean[DEEPEST];

    /** Records that a connection which had shown this count answers again. */
    void survived(int count, int now) {
      int depth = Math.min(count, DEEPEST - 1);
      if (depth > 0) {
        healed[depth] = true;
        healedAt[depth] = now;
      }
    }

    /**
     * Returns the count from which on a connection counts as half-open.
     *
     * @param margin by which it exceeds the greatest count that was survived lately
     */
    int threshold(int margin, int now) {
      for (int depth = DEEPEST - 1; depth > 0; depth--) {
        if (healed[depth]) {
          // Unsigned: what was survived 25 days ago is not to come.
          if (Integer.compareUnsigned(now - healedAt[depth], MEMORY_MILLIS) < 0) {
            return depth + margin;
          }
          healed[depth] = false;
        }
      }
      return margin;
    }
  }

  private final ToIntFunction<WatchedConnection> timers;
  private final LossHistory losses = new LossHistory();
  private int interval = 500;
  private int halfClosedAfter = 60_000;
  private int late;

  /**
   * @param timers returns the timer the kernel runs for a connection, a constant of {@link Timers}
   */
  Detector(ToIntFunction<WatchedConnection> timers) {
    this.timers = timers;
  }

  /** Sets how often it is shown each connection, and from when a half-closed one is reported. */
  void configure(int intervalMillis, int halfClosedAfterMillis) {
    interval = intervalMillis;
    halfClosedAfter = halfClosedAfterMillis;
  }

  /**
   * Begins a round.
   *
   * @param elapsed since the round before, in ms; 0 for the first. Above the interval on a busy
   *     machine: what is seen first in this round may have begun that much earlier
   */
  void begin(int elapsed) {
    late = Math.max(0, elapsed - interval);
  }

  /**
   * Checks one connection.
   *
   * @param info the first four bytes of TCP_INFO
   * @param now in ms, from any beginning
   * @param policy the options that are in force on it
   * @return what has changed, or null
   */
  Transition check(WatchedConnection c, int info, int now, Policy policy) {
    int state = TcpInfo.state(info);
    c.flags = (c.flags & ~0xF) | state;
    if (state == TcpInfo.CLOSE) {
      if (!c.is(CONNECTED) || c.is(ENDED)) {
        return null; // not connected yet, or never
      }
      c.set(ENDED);
      return dead(c, info, now, policy);
    }
    if (state == TcpInfo.SYN_SENT || state == TcpInfo.SYN_RECV || state == TcpInfo.LISTEN) {
      return null; // not connected yet: retransmissions are those of connect
    }
    c.set(CONNECTED);
    if (TcpInfo.probes(info) != 0 || TcpInfo.retransmits(info) != 0) {
      return unanswered(c, TcpInfo.probes(info), TcpInfo.retransmits(info), now, policy);
    }
    if (!c.is(UNSETTLED) && state != TcpInfo.CLOSE_WAIT) {
      return null;
    }
    Transition transition = quiet(c, now);
    return transition == null && state == TcpInfo.CLOSE_WAIT ? peerClosed(c, now) : transition;
  }

  private Transition unanswered(
      WatchedConnection c, int probes, int retransmits, int now, Policy policy) {
    if (!c.is(EPISODE)) {
      c.begin(probes, now, late);
      c.clear(OF_AN_EPISODE & ~(HALF_OPEN | BY_DATA));
      c.set(EPISODE);
    }
    c.clear(QUIETING);
    if (retransmits > 0 && c.mostRetransmits() == 0) {
      c.since = now; // handed over from probes: the kernel counts time anew
      if (c.is(HALF_OPEN)) {
        c.set(BY_DATA);
      }
    }
    if (probes > c.mostProbes()) {
      c.changed = now;
    }
    c.count(probes, retransmits);
    if (c.is(HALF_OPEN)) {
      return null;
    }
    if (retransmits > 0) {
      if (retransmits < SEVERAL
          || (retransmits < losses.threshold(SEVERAL, now) && !isDataTimeoutNear(c, now, policy))) {
        return null;
      }
      c.set(HALF_OPEN | BY_DATA);
      return Transition.UNACKNOWLEDGED_DATA;
    }
    // Decided again once the kind of probes is known: of zero-window probes it needs more.
    if (isConvincing(c, probes, now, policy)
        && (c.is(PROBED) || isProbed(c))
        && isConvincing(c, probes, now, policy)) {
      c.set(HALF_OPEN);
      return Transition.UNANSWERED_PROBES;
    }
    return null;
  }

  /** Asks the kernel which kind of probes it sends; false if it sends data at the moment. */
  private boolean isProbed(WatchedConnection c) {
    int timer = timers.applyAsInt(c);
    if (timer == Timers.RETRANSMIT) {
      return false; // its retransmissions or its acknowledgement will show
    }
    c.set(timer == Timers.ZERO_WINDOW ? PROBED | ZERO_WINDOW : PROBED);
    return true;
  }

  private boolean isConvincing(WatchedConnection c, int probes, int now, Policy policy) {
    int waited = now - c.changed;
    // The latest probe may still be answered; those before it are lost.
    int lost = waited >= ROUND_TRIP_MILLIS ? probes : probes - 1;
    if (c.is(ZERO_WINDOW)) {
      return lost >= losses.threshold(SEVERAL, now);
    }
    return lost >= losses.threshold(1, now)
        || (c.deadIn(now, policy) <= 2L * interval
            && waited >= Math.min(ROUND_TRIP_MILLIS, policy.intvl() * 450));
  }

  /** Returns whether the kernel is about to drop the connection, so that it is no false alarm. */
  private boolean isDataTimeoutNear(WatchedConnection c, int now, Policy policy) {
    long limit = policy.dataDeadAfter();
    return limit > 0 && c.elapsed(now) >= limit - 3L * interval;
  }

  /** Handles counters that are zero. */
  private Transition quiet(WatchedConnection c, int now) {
    if (c.is(EPISODE)) {
      c.clear(EPISODE);
      c.set(QUIETING);
      c.changed = now;
      // Only an acknowledgement resets the retransmissions.
      losses.survived(Math.min(c.mostRetransmits(), losses.threshold(SEVERAL, now)), now);
    }
    if (!c.is(QUIETING)) {
      return null;
    }
    if (now - c.changed < ROUND_TRIP_MILLIS) {
      int timer = c.is(HALF_OPEN) ? timers.applyAsInt(c) : Timers.UNKNOWN;
      if (timer == Timers.RETRANSMIT || timer == Timers.UNKNOWN) {
        return null;
      }
    }
    return healed(c, now);
  }

  private Transition healed(WatchedConnection c, int now) {
    boolean halfOpen = c.is(HALF_OPEN);
    // The last of the probes was answered; all before it were lost. What was reported was either a
    // false alarm, whose count must not raise one again, or true: then its length says
    // nothing about the network's losses.
    int probed = c.mostProbes() - (halfOpen ? 0 : 1);
    int margin = c.is(ZERO_WINDOW) ? SEVERAL : 1;
    losses.survived(Math.min(probed, losses.threshold(margin, now)), now);
    c.clear(OF_AN_EPISODE);
    return halfOpen ? Transition.RECOVERED : null;
  }

  private Transition peerClosed(WatchedConnection c, int now) {
    if (!c.is(PEER_CLOSED)) {
      c.set(PEER_CLOSED);
      c.peerClosedAt = now;
    } else if (!c.is(HALF_CLOSED) && now - c.peerClosedAt >= halfClosedAfter) {
      c.set(HALF_CLOSED);
      return Transition.HALF_CLOSED;
    }
    return null;
  }

  /**
   * Returns whether a connection that has just ended had been closed by its peer for so long that
   * this is to be reported first: its end is then only that the peer's kernel has forgotten it
   * (tcp(7), tcp_fin_timeout, 60 s).
   */
  boolean wasHalfClosed(WatchedConnection c, int now) {
    return c.is(PEER_CLOSED)
        && !c.is(HALF_CLOSED)
        && now - c.peerClosedAt + interval >= halfClosedAfter / 2;
  }

  /**
   * Returns how a half-open connection has ended whose number is closed or belongs to another.
   *
   * @param info TCP_INFO when the application closed it; 0 if that was not seen
   */
  Transition gone(WatchedConnection c, int info, int now, Policy policy) {
    if (info == 0) {
      boolean due = c.is(BY_DATA) ? isDataTimeout(c, now, policy) : isProbeTimeout(c, now, policy);
      return due ? Transition.DEAD_TIMEOUT : Transition.CLOSED;
    }
    return TcpInfo.state(info) == TcpInfo.CLOSE ? dead(c, info, now, policy) : Transition.CLOSED;
  }

  private Transition dead(WatchedConnection c, int info, int now, Policy policy) {
    return isTimeout(c, info, now, policy) ? Transition.DEAD_TIMEOUT : Transition.DEAD_RESET;
  }

  /**
   * Returns whether the kernel dropped the connection because its peer did not answer; otherwise
   * the peer has reset it. The counters stay on the socket as they were. What was seen first may
   * have begun one interval earlier, or more if that round was late.
   */
  boolean isTimeout(WatchedConnection c, int info, int now, Policy policy) {
    long limit = policy.dataDeadAfter();
    if (TcpInfo.retransmits(info) > 0) {
      return TcpInfo.retransmits(info) >= RETRIES - 1 || isDataTimeout(c, now, policy);
    }
    if (limit > 0 && !policy.adaptive() && TcpInfo.probes(info) > 0) {
      return c.silent(now, policy) + interval + c.late() >= limit;
    }
    return policy.keepalive()
        && TcpInfo.probes(info) >= policy.cnt()
        && isProbeTimeout(c, now, policy);
  }

  private boolean isDataTimeout(WatchedConnection c, int now, Policy policy) {
    long limit = policy.dataDeadAfter();
    return limit > 0 && c.elapsed(now) + interval + c.late() >= limit;
  }

  private boolean isProbeTimeout(WatchedConnection c, int now, Policy policy) {
    return c.deadIn(now, policy) <= interval + c.late();
  }
}
