package io.hbagent.watch;

import io.hbagent.keepalive.Policy;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.TcpInfo;
import java.io.FileDescriptor;
import java.io.IOException;

/**
 * {@code user-timeout=adaptive}: TCP_USER_TIMEOUT on a connection for as long as its data is sent
 * again and again, and no longer.
 *
 * <p>Keepalive does not run while data is in flight, so a peer that dies then is retried for some
 * 15 minutes. A timeout that stood all the time would also end connections to a living peer that
 * does not read: its kernel answers every probe, so it never shows a retransmission, so it is never
 * touched here.
 */
final class UserTimeouts {

  private UserTimeouts() {}

  /** After a look at a connection that has retransmissions, or had a timeout set. */
  static void adapt(int[] s, int at, int info, FileDescriptor fd, Policy policy)
      throws IOException {
    int flags = s[at + Slots.FLAGS];
    boolean wanted = policy.adaptive() && TcpInfo.retransmits(info) > 0;
    if (wanted && (flags & (Detector.TIMEOUT_SET | Detector.TIMEOUT_FOREIGN)) == 0) {
      if (Kernel.userTimeout(fd) != 0) {
        s[at + Slots.FLAGS] = flags | Detector.TIMEOUT_FOREIGN; // the application's own stands
      } else {
        Kernel.userTimeout(fd, (int) Math.min(Integer.MAX_VALUE, policy.dataDeadAfter()));
        s[at + Slots.FLAGS] = flags | Detector.TIMEOUT_SET;
      }
    } else if (!wanted) {
      clear(s, at, fd);
    }
  }

  /** Data flows again, or the watchdog ends. */
  static void clear(int[] s, int at, FileDescriptor fd) throws IOException {
    int flags = s[at + Slots.FLAGS];
    if ((flags & Detector.TIMEOUT_SET) != 0) {
      Kernel.userTimeout(fd, 0);
    }
    s[at + Slots.FLAGS] = flags & ~(Detector.TIMEOUT_SET | Detector.TIMEOUT_FOREIGN);
  }
}
