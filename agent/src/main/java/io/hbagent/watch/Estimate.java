package io.hbagent.watch;

import io.hbagent.keepalive.Policy;
import io.hbagent.tcp.TcpInfo;

/**
 * What the kernel does not say in four bytes, reckoned from when the counters were first seen: how
 * long the peer has been silent, when the kernel will give up, why it did. Pure; wrong by one
 * interval of the watchdog at most.
 */
final class Estimate {

  /** The kernel's tcp_retries2: so many retransmissions, some 15 minutes, and it gives up. */
  private static final int RETRIES = 15;

  private Estimate() {}

  /** For how many ms nothing has come from the peer; while probes are unanswered. */
  static long silent(int[] s, int at, int now, Policy policy) {
    int earlier = Math.max(0, Detector.firstProbes(s[at + Slots.COUNTS]) - 1);
    return (policy.idle() + (long) earlier * policy.intvl()) * 1000L + elapsed(s, at, now);
  }

  /** In ms; the clock may have run over between, and their difference is right. */
  static long elapsed(int[] s, int at, int now) {
    int difference = now - s[at + Slots.SINCE];
    return difference;
  }

  /** In how many ms the kernel will give the connection up for its probes. */
  static long deadIn(int[] s, int at, int now, Policy policy) {
    if (!policy.keepalive()) {
      return Long.MAX_VALUE;
    }
    return Math.max(0, policy.deadAfter() * 1000L - silent(s, at, now, policy));
  }

  /**
   * Whether the kernel gave the connection up because nobody answered; otherwise the peer has reset
   * it.
   *
   * @param info as it is left on the socket: the counters stay as they were
   * @param interval of the watchdog, by which the beginning may have been earlier than it was seen
   */
  static boolean isTimeout(int[] s, int at, int info, int now, int interval, Policy policy) {
    long elapsed = elapsed(s, at, now) + interval;
    long limit = policy.dataDeadAfter();
    if (TcpInfo.retransmits(info) > 0) {
      return TcpInfo.retransmits(info) >= RETRIES - 1 || (limit > 0 && elapsed >= limit);
    }
    if (limit > 0 && !policy.adaptive() && TcpInfo.probes(info) > 0) {
      return silent(s, at, now, policy) + interval >= limit;
    }
    return policy.keepalive()
        && TcpInfo.probes(info) >= policy.cnt()
        && deadIn(s, at, now, policy) <= interval;
  }

  /** The same where the descriptor is gone and nobody saw how: whether it was time for it. */
  static boolean wasDue(int[] s, int at, int now, int interval, Policy policy) {
    long limit = policy.dataDeadAfter();
    if (Detector.isByData(s[at + Slots.FLAGS])) {
      return limit > 0 && elapsed(s, at, now) + interval >= limit;
    }
    return deadIn(s, at, now, policy) <= interval;
  }
}
