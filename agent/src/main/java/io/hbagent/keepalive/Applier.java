package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import java.io.FileDescriptor;
import java.io.IOException;

/** Puts a policy on a socket, and looks whether it is there. Any thread. */
final class Applier {

  private Applier() {}

  /**
   * Four setsockopt, a fifth with a user timeout.
   *
   * <p>SO_KEEPALIVE comes last: whatever is not TCP refuses the first one, and would have taken
   * SO_KEEPALIVE (a Unix-domain socket does), so nothing of it is changed.
   *
   * @param own bits of {@link Options} that are left as the application has them
   */
  static void apply(FileDescriptor fd, Policy policy, int own) throws IOException {
    if ((own & Options.IDLE) == 0) {
      Kernel.idle(fd, policy.idle());
    }
    if ((own & Options.INTVL) == 0) {
      Kernel.intvl(fd, policy.intvl());
    }
    if ((own & Options.CNT) == 0) {
      Kernel.cnt(fd, policy.cnt());
    }
    if (policy.userTimeout() > 0 && Kernel.numbers().hasUserTimeout()) {
      Kernel.userTimeout(fd, policy.userTimeout());
    }
    if ((own & Options.KEEPALIVE) == 0) {
      Kernel.keepAlive(fd, true);
    }
  }

  /** Puts one option back that the application has changed. */
  static void reapply(FileDescriptor fd, Policy policy, int bit) throws IOException {
    if (bit == Options.KEEPALIVE) {
      Kernel.keepAlive(fd, true);
    } else if (bit == Options.IDLE) {
      Kernel.idle(fd, policy.idle());
    } else if (bit == Options.INTVL) {
      Kernel.intvl(fd, policy.intvl());
    } else {
      Kernel.cnt(fd, policy.cnt());
    }
  }

  /** What the kernel says differs from the policy, in one phrase; null when nothing does. */
  static String difference(FileDescriptor fd, Policy policy, int own) throws IOException {
    String difference = null;
    if ((own & Options.KEEPALIVE) == 0 && !Kernel.keepAlive(fd)) {
      difference = "SO_KEEPALIVE is off";
    } else if ((own & Options.IDLE) == 0 && Kernel.idle(fd) != policy.idle()) {
      difference = "TCP_KEEPIDLE is " + Kernel.idle(fd);
    } else if ((own & Options.INTVL) == 0 && Kernel.intvl(fd) != policy.intvl()) {
      difference = "TCP_KEEPINTVL is " + Kernel.intvl(fd);
    } else if ((own & Options.CNT) == 0 && Kernel.cnt(fd) != policy.cnt()) {
      difference = "TCP_KEEPCNT is " + Kernel.cnt(fd);
    } else if (policy.userTimeout() > 0
        && Kernel.numbers().hasUserTimeout()
        && Kernel.userTimeout(fd) != policy.userTimeout()) {
      difference = "TCP_USER_TIMEOUT is " + Kernel.userTimeout(fd);
    }
    return difference;
  }
}
