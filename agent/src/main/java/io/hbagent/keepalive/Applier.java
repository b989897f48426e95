package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import java.io.FileDescriptor;
import java.io.IOException;

/** Sets a policy on a socket, and compares the two. Any thread. */
final class Applier {

  private Applier() {}

  /**
   * Sets the options: four setsockopt, a fifth with a user timeout.
   *
   * <p>SO_KEEPALIVE comes last: a socket that is not TCP refuses the first one, and would accept
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
    if (policy.userTimeout() > 0
        && (own & Options.USER_TIMEOUT) == 0
        && Kernel.numbers().hasUserTimeout()) {
      Kernel.userTimeout(fd, policy.userTimeout());
    }
    if ((own & Options.KEEPALIVE) == 0) {
      Kernel.keepAlive(fd, true);
    }
  }

  /** Sets one option again that the application has changed. */
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

  /**
   * Returns the first option whose value in the kernel is not the policy's, in one phrase, or null.
   * Where all are as they should be, four getsockopt and nothing allocated.
   */
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
