package io.hbagent.keepalive;

import io.hbagent.tcp.Options;

/** Options an application has set itself on one socket, as bits of {@link Options}. Any thread. */
final class ApplicationOptions {

  private int bits;
  private boolean keepalive;
  private int idle;
  private int intvl;
  private int cnt;

  /** Returns the options that were set. */
  synchronized int bits() {
    return bits;
  }

  /** Records a value, in the units of {@link io.hbagent.tcp.Kernel#set}. */
  synchronized void set(int option, int value) {
    if (option == Options.KEEPALIVE) {
      keepalive = value != 0;
    } else if (option == Options.IDLE) {
      idle = value;
    } else if (option == Options.INTVL) {
      intvl = value;
    } else {
      cnt = value;
    }
    bits |= option;
  }

  /** Returns the values of a socket that had others before the application set these. */
  synchronized KeepaliveValues over(KeepaliveValues before) {
    return new KeepaliveValues(
        (bits & Options.KEEPALIVE) != 0 ? keepalive : before.keepalive(),
        (bits & Options.IDLE) != 0 ? idle : before.idle(),
        (bits & Options.INTVL) != 0 ? intvl : before.intvl(),
        (bits & Options.CNT) != 0 ? cnt : before.cnt(),
        before.userTimeout());
  }

  /**
   * Returns the policy, or the application's values if they find a dead peer sooner.
   *
   * @param unset the kernel's values for a socket on which nothing is set
   */
  Policy tighter(Policy policy, KeepaliveValues unset) {
    KeepaliveValues own = over(unset);
    return own.isSooner(policy) ? policy.with(own) : policy;
  }
}
