package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import java.io.FileDescriptor;
import java.io.IOException;

/** What an application has set itself on one socket. Guarded by its {@link OwnChoices}. */
final class Choice {

  /** What holds on Linux for whatever is not set (tcp(7), RFC 1122 4.2.3.6). */
  private static final int STANDARD_IDLE = 7200;

  private static final int STANDARD_INTVL = 75;
  private static final int STANDARD_CNT = 9;

  private int bits;

  private boolean keepalive;
  private int idle = STANDARD_IDLE;
  private int intvl = STANDARD_INTVL;
  private int cnt = STANDARD_CNT;

  /** Bits of {@link Options}. */
  int bits() {
    return bits;
  }

  /** Notes whether what the application has last asked for was to turn keepalive on. */
  void wanted(boolean on) {
    bits = on ? bits | Options.WANTED : bits & ~Options.WANTED;
  }

  /** Takes the value the application has just set from the kernel. */
  void read(FileDescriptor fd, int bit) throws IOException {
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

  /** Whichever finds a dead peer sooner: the policy, or what the application has set. */
  Policy tighter(Policy policy) {
    if (!keepalive) {
      return policy;
    }
    Policy own =
        new Policy(
            true, idle, intvl, cnt, policy.adaptive() ? Policy.ADAPTIVE : policy.userTimeout());
    return own.deadAfter() < policy.deadAfter() ? own : policy;
  }
}
