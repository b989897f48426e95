package io.hbagent.watch;

import io.hbagent.keepalive.Policy;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.TcpInfo;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code user-timeout=adaptive}: TCP_USER_TIMEOUT on a connection for as long as its data is sent
 * again and again, and no longer.
 *
 * <p>Keepalive does not run while data is in flight, so a peer that dies then is retried for some
 * 15 minutes. A timeout that stood all the time would also end connections to a living peer that
 * does not read: its kernel answers every probe, so it never shows a retransmission, so it is never
 * touched here. On the watchdog's thread.
 */
final class UserTimeouts {

  /** By descriptor number, what was set, in ms: only what still is ours is taken back. */
  private final Map<Integer, Integer> set = new HashMap<>();

  /** After a look at a connection that has retransmissions, or had a timeout set. */
  void adapt(int number, int[] s, int at, int info, FileDescriptor fd, Policy policy)
      throws IOException {
    int flags = s[at + Slots.FLAGS];
    boolean wanted = policy.adaptive() && TcpInfo.retransmits(info) > 0;
    if (wanted && (flags & (Detector.TIMEOUT_SET | Detector.TIMEOUT_FOREIGN)) == 0) {
      if (Kernel.userTimeout(fd) != 0) {
        s[at + Slots.FLAGS] = flags | Detector.TIMEOUT_FOREIGN; // the application's own stands
      } else {
        int millis = (int) Math.min(Integer.MAX_VALUE, policy.dataDeadAfter());
        set.put(number, millis); // before it is set: a note can fail, and then it is not ours
        Kernel.userTimeout(fd, millis);
        s[at + Slots.FLAGS] = flags | Detector.TIMEOUT_SET;
      }
    } else if (!wanted) {
      clear(number, s, at, fd);
    }
  }

  /**
   * Data flows again, or the watchdog ends. What the application, or a changed rule, has set in the
   * meantime stays.
   */
  void clear(int number, int[] s, int at, FileDescriptor fd) throws IOException {
    int flags = s[at + Slots.FLAGS];
    Integer millis = (flags & Detector.TIMEOUT_SET) == 0 ? null : set.get(number);
    if (millis != null && Kernel.userTimeout(fd) == millis) {
      Kernel.userTimeout(fd, 0);
    }
    s[at + Slots.FLAGS] = flags & ~(Detector.TIMEOUT_SET | Detector.TIMEOUT_FOREIGN);
    if (millis != null) {
      set.remove(number);
    }
  }

  /** The number is closed, or belongs to another connection by now. */
  void gone(int number) {
    if (!set.isEmpty()) {
      set.remove(number);
    }
  }
}
