package io.hbagent.watch;

import io.hbagent.keepalive.Policy;
import io.hbagent.tcp.TcpInfo;
import io.hbagent.tcp.Timers;

/**
 * The half-open detector: looks in, findings out. Pure: it has no clock and asks nobody; what it
 * remembers of a connection stands in the {@link Slots} it is given.
 *
 * <p>One sight of an unanswered probe or of a retransmission proves nothing. A probe counts as
 * unanswered until its answer comes, one round trip later; one lost packet shows one
 * retransmission. And the counters hand over to each other: when data is written to a dead peer
 * that was being probed, they show 1, 2, 0 probes before the retransmissions begin to climb.
 */
final class Detector {

  // Flags, above the four bits of the TCP state.
  private static final int CONNECTED = 0x10;
  private static final int EPISODE = 0x20;
  static final int HALF_OPEN = 0x40;
  private static final int BY_DATA = 0x80;
  private static final int QUIETING = 0x100;
  private static final int PROBED = 0x200;
  private static final int ZERO_WINDOW = 0x400;
  private static final int PEER_CLOSED = 0x800;
  private static final int HALF_CLOSED = 0x1000;
  private static final int ENDED = 0x2000;

  // Flags of others, which the detector leaves alone.

  /** The number is not open any more, or no TCP socket. */
  static final int GONE = 0x4000;

  /** The watchdog has set TCP_USER_TIMEOUT. */
  static final int TIMEOUT_SET = 0x8000;

  /** The application has. */
  static final int TIMEOUT_FOREIGN = 0x10000;

  private static final int ABOUT_EPISODE =
      EPISODE | HALF_OPEN | BY_DATA | QUIETING | PROBED | ZERO_WINDOW;

  /** Any of these, and a look that shows zeroes still has to be thought about. */
  private static final int RESTLESS = EPISODE | HALF_OPEN | QUIETING | PEER_CLOSED | ENDED;

  /**
   * Above what a round trip takes (satellites: 0.6 s), below the smallest intvl. Until then a probe
   * is on its way.
   */
  static final int PATIENCE_MILLIS = 900;

  /** From this many retransmissions on data is unacknowledged "through several". */
  private static final int SEVERAL = 3;

  private final LossHistory weather = new LossHistory();
  private int interval = 500;
  private int halfClosedAfter = 60_000;

  /** How often it will be shown each connection, and after how long a half-closed one counts. */
  void configure(int intervalMillis, int halfClosedAfterMillis) {
    interval = intervalMillis;
    halfClosedAfter = halfClosedAfterMillis;
  }

  /**
   * One look at one connection.
   *
   * @param s the slots of its page
   * @param at where its slots begin
   * @param info the first four bytes of TCP_INFO
   * @param now in ms, from any beginning
   */
  Finding look(int[] s, int at, int info, int now, Policy policy) {
    int state = TcpInfo.state(info);
    int flags = (s[at + Slots.FLAGS] & ~0xF) | state;
    s[at + Slots.FLAGS] = flags;
    if (state == TcpInfo.CLOSE) {
      return closed(s, at, flags);
    }
    if (state == TcpInfo.SYN_SENT || state == TcpInfo.SYN_RECV || state == TcpInfo.LISTEN) {
      return Finding.NOTHING; // not connected yet: retransmissions are those of connect
    }
    s[at + Slots.FLAGS] = flags |= CONNECTED;
    int probeCount = TcpInfo.probes(info);
    int retransmits = TcpInfo.retransmits(info);
    if ((probeCount | retransmits) != 0) {
      return troubled(s, at, probeCount, retransmits, now, policy);
    }
    if ((flags & RESTLESS) == 0 && state != TcpInfo.CLOSE_WAIT) {
      return Finding.NOTHING;
    }
    Finding finding = calm(s, at, now);
    return finding == Finding.NOTHING && state == TcpInfo.CLOSE_WAIT
        ? peerClosed(s, at, now)
        : finding;
  }

  private static Finding closed(int[] s, int at, int flags) {
    if ((flags & CONNECTED) == 0 || (flags & ENDED) != 0) {
      return Finding.NOTHING; // not connected yet, or never
    }
    s[at + Slots.FLAGS] = flags | ENDED;
    return Finding.DISCONNECTED;
  }

  private Finding troubled(
      int[] s, int at, int probeCount, int retransmits, int now, Policy policy) {
    int flags = s[at + Slots.FLAGS];
    if ((flags & EPISODE) == 0) {
      s[at + Slots.SINCE] = now;
      s[at + Slots.COUNTS] = probeCount;
      flags &= ~ABOUT_EPISODE | HALF_OPEN | BY_DATA;
    }
    flags &= ~QUIETING;
    if (retransmits > 0 && mostRetransmits(s[at + Slots.COUNTS]) == 0) {
      s[at + Slots.SINCE] = now; // handed over from probes: the kernel counts time anew
      flags |= (flags & HALF_OPEN) != 0 ? BY_DATA : 0;
    }
    if (probeCount > mostProbes(s[at + Slots.COUNTS]) || (flags & EPISODE) == 0) {
      s[at + Slots.CHANGED] = now;
    }
    s[at + Slots.COUNTS] = counts(s[at + Slots.COUNTS], probeCount, retransmits);
    s[at + Slots.FLAGS] = flags |= EPISODE;
    if ((flags & HALF_OPEN) != 0) {
      return Finding.NOTHING;
    }
    if (retransmits > 0) {
      boolean several = retransmits >= SEVERAL;
      if (several
          && (retransmits >= weather.threshold(SEVERAL, now)
              || dataVerdictIsNear(s, at, now, policy))) {
        s[at + Slots.FLAGS] = flags | HALF_OPEN | BY_DATA;
        return Finding.HALF_OPEN;
      }
      return Finding.NOTHING;
    }
    if ((flags & PROBED) == 0) {
      return isSuspect(s, at, probeCount, now, policy) ? Finding.ASK : Finding.NOTHING;
    }
    return probed(s, at, probeCount, now, policy);
  }

  /** Probes, and it is known of which kind. */
  private Finding probed(int[] s, int at, int probeCount, int now, Policy policy) {
    if (isSuspect(s, at, probeCount, now, policy)) {
      s[at + Slots.FLAGS] |= HALF_OPEN;
      return Finding.HALF_OPEN;
    }
    return Finding.NOTHING;
  }

  private boolean isSuspect(int[] s, int at, int probeCount, int now, Policy policy) {
    int waited = now - s[at + Slots.CHANGED];
    // The latest probe may be on its way; those before it are lost, for it was sent in their place.
    int unanswered = waited >= PATIENCE_MILLIS ? probeCount : probeCount - 1;
    if ((s[at + Slots.FLAGS] & ZERO_WINDOW) != 0) {
      return unanswered >= weather.threshold(SEVERAL, now);
    }
    return unanswered >= weather.threshold(1, now)
        || (Estimate.deadIn(s, at, now, policy) <= 2L * interval
            && waited >= Math.min(PATIENCE_MILLIS, policy.intvl() * 450));
  }

  /**
   * The kernel is about to give the connection up: then it is no false alarm, whatever the weather.
   */
  private boolean dataVerdictIsNear(int[] s, int at, int now, Policy policy) {
    long limit = policy.dataDeadAfter();
    return limit > 0 && now - s[at + Slots.SINCE] >= limit - 3L * interval;
  }

  /** Nothing is unanswered any more, or not yet again. */
  private Finding calm(int[] s, int at, int now) {
    int flags = s[at + Slots.FLAGS];
    if ((flags & EPISODE) != 0) {
      s[at + Slots.FLAGS] = flags = (flags & ~EPISODE) | QUIETING;
      s[at + Slots.CHANGED] = now;
      // Only an acknowledgement takes the retransmissions away.
      int retransmits = mostRetransmits(s[at + Slots.COUNTS]);
      weather.survived(Math.min(retransmits, weather.threshold(SEVERAL, now)), now);
    }
    if ((flags & QUIETING) == 0) {
      return Finding.NOTHING;
    }
    if (now - s[at + Slots.CHANGED] >= PATIENCE_MILLIS) {
      return healed(s, at, now);
    }
    return (flags & HALF_OPEN) != 0 ? Finding.ASK : Finding.NOTHING;
  }

  /**
   * The answer to {@link Finding#ASK}.
   *
   * @param timer what the kernel waits for on this connection, a constant of {@link Timers}
   * @param info of the same look
   */
  Finding answer(int[] s, int at, int timer, int info, int now, Policy policy) {
    int probeCount = TcpInfo.probes(info);
    if (timer == Timers.RETRANSMIT) {
      return Finding.NOTHING; // data is on its way: its retransmissions will tell, or its answer
    }
    if (probeCount > 0) {
      s[at + Slots.FLAGS] |= timer == Timers.ZERO_WINDOW ? PROBED | ZERO_WINDOW : PROBED;
      return probed(s, at, probeCount, now, policy);
    }
    return timer == Timers.UNKNOWN ? Finding.NOTHING : healed(s, at, now);
  }

  private Finding healed(int[] s, int at, int now) {
    int flags = s[at + Slots.FLAGS];
    int counts = s[at + Slots.COUNTS];
    boolean halfOpen = (flags & HALF_OPEN) != 0;
    s[at + Slots.FLAGS] = flags & ~ABOUT_EPISODE;
    // The last of the probes was answered; all before it were lost. What was reported was either a
    // false alarm, whose count must not raise one again, or true: then how long it went on tells
    // nothing about the weather.
    int probed = mostProbes(counts) - (halfOpen ? 0 : 1);
    int margin = (flags & ZERO_WINDOW) != 0 ? SEVERAL : 1;
    weather.survived(Math.min(probed, weather.threshold(margin, now)), now);
    return halfOpen ? Finding.RECOVERED : Finding.NOTHING;
  }

  private Finding peerClosed(int[] s, int at, int now) {
    int flags = s[at + Slots.FLAGS];
    if ((flags & PEER_CLOSED) == 0) {
      s[at + Slots.FLAGS] = flags | PEER_CLOSED;
      s[at + Slots.PEER_CLOSED] = now;
    } else if ((flags & HALF_CLOSED) == 0 && now - s[at + Slots.PEER_CLOSED] >= halfClosedAfter) {
      s[at + Slots.FLAGS] = flags | HALF_CLOSED;
      return Finding.HALF_CLOSED;
    }
    return Finding.NOTHING;
  }

  /** Whether data that is not acknowledged, rather than probes, has shown it half-open. */
  static boolean isByData(int flags) {
    return (flags & BY_DATA) != 0;
  }

  /** Whether the probes were sent because the peer does not read. */
  static boolean isZeroWindow(int flags) {
    return (flags & ZERO_WINDOW) != 0;
  }

  /** Whether it was ever seen connected. */
  static boolean isConnected(int flags) {
    return (flags & CONNECTED) != 0;
  }

  static boolean isHalfOpen(int flags) {
    return (flags & HALF_OPEN) != 0;
  }

  /** How many probes were unanswered when the counters were first seen above zero. */
  static int firstProbes(int counts) {
    return counts & 0xFF;
  }

  private static int mostProbes(int counts) {
    return counts >> 8 & 0xFF;
  }

  private static int mostRetransmits(int counts) {
    return counts >> 16 & 0xFF;
  }

  private static int counts(int before, int probeCount, int retransmits) {
    return (before & 0xFF)
        | (Math.max(mostProbes(before), probeCount) << 8)
        | (Math.max(mostRetransmits(before), retransmits) << 16);
  }
}
