package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import java.io.FileDescriptor;
import java.io.IOException;

/** Options an application has set itself on one socket. Any thread. */
final class ApplicationOptions {

  private int bits;

  private boolean keepalive;
  private int idle;
  private int intvl;
  private int cnt;

  /** Returns bits of {@link Options}. */
  synchronized int bits() {
    return bits;
  }

  /** Notes whether what the application has last asked for was to turn keepalive on. */
  synchronized void wanted(boolean on) {
    bits = on ? bits | Options.WANTED : bits & ~Options.WANTED;
  }

  /** Reads the value the application has just set from the kernel. */
  synchronized void read(FileDescriptor fd, int bit) throws IOException {
    if (bit == Options.KEEPALIVE) {
      keepalive = Kernel.keepAlive(fd);
    } else if (bit == Options.IDLE) {
      idle = Kernel.idle(fd);
    } else if (bit == Options.INTVL) {
      intvl = Kernel.intvl(fd);
    } else {
      cnt = Kernel.cnt(fd);
    }
    bits |= bit;
  }

  /**
   * Returns whichever finds a dead peer sooner: the policy, or what the application has set.
   *
   * @param unset what the kernel gives to whatever is not set
   */
  synchronized Policy tighter(Policy policy, KeepaliveValues unset) {
    if (!keepalive) {
      return policy;
    }
    Policy own =
        new Policy(
            true,
            (bits & Options.IDLE) != 0 ? idle : unset.idle(),
            (bits & Options.INTVL) != 0 ? intvl : unset.intvl(),
            (bits & Options.CNT) != 0 ? cnt : unset.cnt(),
            policy.adaptive() ? Policy.ADAPTIVE : policy.userTimeout());
    return own.deadAfter() < policy.deadAfter() ? own : policy;
  }
}
