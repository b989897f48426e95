package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;

/** What one socket carries in the kernel at one moment. Immutable. */
public final class KeepaliveValues {

  /**
   * What holds on Linux for whatever is not set (tcp(7), RFC 1122 4.2.3.6), unless a sysctl says.
   */
  static final KeepaliveValues STANDARD = new KeepaliveValues(false, 7200, 75, 9, 0);

  private final boolean keepalive;
  private final int idle;
  private final int intvl;
  private final int cnt;
  private final int userTimeout;

  private KeepaliveValues(boolean keepalive, int idle, int intvl, int cnt, int userTimeout) {
    this.keepalive = keepalive;
    this.idle = idle;
    this.intvl = intvl;
    this.cnt = cnt;
    this.userTimeout = userTimeout;
  }

  /** Asks the kernel. */
  public static KeepaliveValues of(FileDescriptor fd) throws IOException {
    return new KeepaliveValues(
        Kernel.keepAlive(fd),
        Kernel.idle(fd),
        Kernel.intvl(fd),
        Kernel.cnt(fd),
        Kernel.numbers().hasUserTimeout() ? Kernel.userTimeout(fd) : 0);
  }

  /** The kernel's defaults as {@code /proc} shows them; Linux's own where it does not. */
  static KeepaliveValues ofSysctl() {
    return new KeepaliveValues(
        false,
        sysctl("time", STANDARD.idle),
        sysctl("intvl", STANDARD.intvl),
        sysctl("probes", STANDARD.cnt),
        0);
  }

  private static int sysctl(String name, int standard) {
    try (FileInputStream in =
        new FileInputStream("/proc/sys/net/ipv4/tcp_keepalive_".concat(name))) {
      byte[] text = new byte[16];
      int length = in.read(text); // at once: the kernel has no more for a second read
      int value = 0;
      for (int i = 0; i < length && text[i] >= '0' && text[i] <= '9'; i++) {
        value = value * 10 + text[i] - '0';
      }
      return value > 0 ? value : standard;
    } catch (IOException e) {
      return standard;
    }
  }

  /** Puts them back on a socket. */
  void restore(FileDescriptor fd) throws IOException {
    Kernel.keepAlive(fd, keepalive);
    Kernel.idle(fd, idle);
    Kernel.intvl(fd, intvl);
    Kernel.cnt(fd, cnt);
    if (Kernel.numbers().hasUserTimeout()) {
      Kernel.userTimeout(fd, userTimeout);
    }
  }

  /** Whether this is what the policy asks for. */
  boolean fit(Policy policy) {
    return keepalive
        && idle == policy.idle()
        && intvl == policy.intvl()
        && cnt == policy.cnt()
        && (userTimeout == policy.userTimeout() || !Kernel.numbers().hasUserTimeout());
  }

  /** Whether a policy leaves this alone, where nobody saw who set it. */
  boolean stands(Policy policy, Conflict conflict) {
    return keepalive
        && (conflict == Conflict.RESPECT
            || (conflict == Conflict.TIGHTEN && idle + intvl * cnt < policy.deadAfter()));
  }

  /** SO_KEEPALIVE. */
  public boolean keepalive() {
    return keepalive;
  }

  /** TCP_KEEPIDLE, in seconds. */
  public int idle() {
    return idle;
  }

  /** TCP_KEEPINTVL, in seconds. */
  public int intvl() {
    return intvl;
  }

  /** TCP_KEEPCNT, in probes. */
  public int cnt() {
    return cnt;
  }

  /** TCP_USER_TIMEOUT, in milliseconds; 0 for none. */
  public int userTimeout() {
    return userTimeout;
  }
}
