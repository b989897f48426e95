package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;

/** The keepalive options of one socket in the kernel at one moment. Immutable. */
public final class KeepaliveValues {

  /**
   * The values of Linux for options that are not set (tcp(7), RFC 1122 4.2.3.6), unless a sysctl
   * changes them.
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

  /** Reads them from the kernel. */
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

  /** Sets all of them on a socket. */
  void restore(FileDescriptor fd) throws IOException {
    restore(fd, Options.ALL | Options.USER_TIMEOUT);
  }

  /** Sets those of them on a socket that are given as bits of {@link Options}. */
  void restore(FileDescriptor fd, int bits) throws IOException {
    if ((bits & Options.KEEPALIVE) != 0) {
      Kernel.keepAlive(fd, keepalive);
    }
    if ((bits & Options.IDLE) != 0) {
      Kernel.idle(fd, idle);
    }
    if ((bits & Options.INTVL) != 0) {
      Kernel.intvl(fd, intvl);
    }
    if ((bits & Options.CNT) != 0) {
      Kernel.cnt(fd, cnt);
    }
    if ((bits & Options.USER_TIMEOUT) != 0 && Kernel.numbers().hasUserTimeout()) {
      Kernel.userTimeout(fd, userTimeout);
    }
  }

  /**
   * Returns whether this is what the policy asks for, but for the options in {@code own}. A user
   * timeout counts only where the policy sets one.
   */
  boolean matches(Policy policy, int own) {
    return (keepalive || (own & Options.KEEPALIVE) != 0)
        && (idle == policy.idle() || (own & Options.IDLE) != 0)
        && (intvl == policy.intvl() || (own & Options.INTVL) != 0)
        && (cnt == policy.cnt() || (own & Options.CNT) != 0)
        && (policy.userTimeout() == 0
            || userTimeout == policy.userTimeout()
            || (own & Options.USER_TIMEOUT) != 0
            || !Kernel.numbers().hasUserTimeout());
  }

  /**
   * Returns the options that a policy leaves as they are here, where no hook saw who set them, as
   * bits of {@link Options}. With {@code respect} those that are not as the kernel gives them, with
   * {@code tighten} all or none: keepalive that is off cannot be told from one that was never set.
   *
   * @param unset what the kernel gives to a socket on which nothing is set
   */
  int own(Policy policy, Conflict conflict, KeepaliveValues unset) {
    if (conflict == Conflict.TIGHTEN) {
      return isSooner(policy) ? Options.ALL | Options.USER_TIMEOUT : 0;
    }
    if (conflict == Conflict.ENFORCE) {
      return 0;
    }
    return (idle == unset.idle ? 0 : Options.IDLE)
        | (intvl == unset.intvl ? 0 : Options.INTVL)
        | (cnt == unset.cnt ? 0 : Options.CNT)
        | (userTimeout == unset.userTimeout ? 0 : Options.USER_TIMEOUT);
  }

  /** Returns whether this finds a dead peer sooner than the policy does. */
  boolean isSooner(Policy policy) {
    return keepalive && idle + intvl * cnt < policy.deadAfter();
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
