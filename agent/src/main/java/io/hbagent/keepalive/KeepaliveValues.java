package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.Options;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;

/**
 * Values of the keepalive options of one socket, as read or to be set. Immutable; options are given
 * as bits of {@link Options}.
 */
public class KeepaliveValues {

  /**
   * The values of Linux for options that are not set (tcp(7), RFC 1122 4.2.3.6), unless a sysctl
   * changes them.
   */
  static final KeepaliveValues LINUX = new KeepaliveValues(0, 7200, 75, 9, 0);

  /** By {@link Options#index}, in the units of {@link Kernel#set}. */
  private final int[] values;

  /** Creates values in the order of the {@link Options}. */
  KeepaliveValues(int... values) {
    this.values = values;
  }

  /** Reads them from the kernel. */
  public static KeepaliveValues of(FileDescriptor fd) throws IOException {
    int[] values = new int[Options.COUNT];
    for (int i = 0; i < values.length; i++) {
      values[i] = Kernel.get(fd, 1 << i);
    }
    return new KeepaliveValues(values);
  }

  /** Returns the kernel's defaults as {@code /proc} has them; Linux's own where it has none. */
  static KeepaliveValues ofSysctl() {
    return new KeepaliveValues(
        0,
        sysctl("time", LINUX.idle()),
        sysctl("intvl", LINUX.intvl()),
        sysctl("probes", LINUX.cnt()),
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

  /** Returns these values, but for some options those of others. */
  KeepaliveValues with(int options, int[] others) {
    int[] result = values.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = (options & 1 << i) != 0 ? others[i] : result[i];
    }
    return new KeepaliveValues(result);
  }

  /**
   * Sets some of them on a socket: one setsockopt each.
   *
   * <p>SO_KEEPALIVE comes last: a socket that is not TCP refuses the first one, and would accept
   * SO_KEEPALIVE (a Unix-domain socket does), so nothing of it is changed.
   */
  void set(FileDescriptor fd, int options) throws IOException {
    for (int option = Options.IDLE; option <= Options.USER_TIMEOUT; option <<= 1) {
      if ((options & option) != 0) {
        Kernel.set(fd, option, value(option));
      }
    }
    if ((options & Options.KEEPALIVE) != 0) {
      Kernel.set(fd, Options.KEEPALIVE, value(Options.KEEPALIVE));
    }
  }

  /**
   * Returns the options of a socket that a policy has changed from these values. Those that have
   * another value by now were changed by someone else since.
   */
  int changed(FileDescriptor fd, Policy policy) throws IOException {
    int options = differences(policy) & policy.options(0);
    for (int option = Options.KEEPALIVE; option <= Options.USER_TIMEOUT; option <<= 1) {
      if ((options & option) != 0 && Kernel.get(fd, option) != policy.value(option)) {
        options &= ~option;
      }
    }
    return options;
  }

  /**
   * Returns the first of some options that has another value on a socket, or 0 if there is none.
   * One getsockopt each; nothing is allocated.
   */
  int difference(FileDescriptor fd, int options) throws IOException {
    for (int option = Options.KEEPALIVE; option <= Options.USER_TIMEOUT; option <<= 1) {
      if ((options & option) != 0 && Kernel.get(fd, option) != value(option)) {
        return option;
      }
    }
    return 0;
  }

  /** Returns the options whose values are not the same. */
  int differences(KeepaliveValues other) {
    int options = 0;
    for (int i = 0; i < values.length; i++) {
      options |= values[i] == other.values[i] ? 0 : 1 << i;
    }
    return options;
  }

  /** Returns whether these are the values of a policy, but for the options in {@code own}. */
  boolean matches(Policy policy, int own) {
    return (differences(policy) & policy.options(own)) == 0;
  }

  /**
   * Returns the options that a policy leaves as they are here, where no hook saw who set them. With
   * {@code respect} those that are not as the kernel gives them, with {@code tighten} all or none:
   * keepalive that was turned off looks like one that was never set.
   *
   * @param unset the kernel's values for a socket on which nothing is set
   */
  int own(Policy policy, Conflict conflict, KeepaliveValues unset) {
    if (conflict == Conflict.TIGHTEN) {
      return isSooner(policy) ? Options.ALL : 0;
    }
    return conflict == Conflict.ENFORCE ? 0 : differences(unset) & ~Options.KEEPALIVE;
  }

  /** Returns whether a dead peer is found sooner than by the policy. */
  boolean isSooner(Policy policy) {
    return keepalive() && probing() < policy.probing();
  }

  /** Returns SO_KEEPALIVE: in a policy, whether the agent sets anything at all. */
  public boolean keepalive() {
    return value(Options.KEEPALIVE) != 0;
  }

  /** Returns TCP_KEEPIDLE, in seconds. */
  public int idle() {
    return value(Options.IDLE);
  }

  /** Returns TCP_KEEPINTVL, in seconds. */
  public int intvl() {
    return value(Options.INTVL);
  }

  /** Returns TCP_KEEPCNT, in probes. */
  public int cnt() {
    return value(Options.CNT);
  }

  /** Returns TCP_USER_TIMEOUT, in milliseconds; 0 for none. */
  public int userTimeout() {
    return value(Options.USER_TIMEOUT);
  }

  /**
   * Returns the number of seconds after its last segment when cnt probes are unanswered: a silent
   * peer is given up then, unless there is a user timeout.
   */
  public int probing() {
    return idle() + intvl() * cnt();
  }

  int value(int option) {
    return values[Options.index(option)];
  }
}
