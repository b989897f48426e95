package io.hbagent.watch;

import io.hbagent.keepalive.ConnectionTable;
import io.hbagent.keepalive.OpenSite;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Role;
import io.hbagent.log.Line;
import java.net.InetAddress;

/**
 * One connection as log lines and recordings describe it. Created with its first transition, and
 * kept as long as it is half-open.
 *
 * <p>Its {@link #policy} is what the kernel has: the rule's where it was enforced, the
 * application's own where that is respected, or what a native library has set.
 */
final class ConnectionDescription {

  /** The descriptor, boxed once: removing it from a map needs no memory. */
  final Integer fd;

  final String local;
  final String remote;
  final Role role;
  final String rule;
  final Policy policy;

  /** {@link System#nanoTime} in seconds when it was opened, or {@link ConnectionTable#UNSEEN}. */
  private final int openedAt;

  /** The thread that opened it, or an {@link OpenSite}; null when no hook saw it. */
  private final Object openedBy;

  /** When it was found half-open, in ms of the watchdog's clock. */
  int halfOpenSince;

  /** TCP_INFO at the moment the application closed it, half-open; 0 until then. */
  volatile int lastInfo;

  ConnectionDescription(
      int fd,
      String local,
      String remote,
      Role role,
      String rule,
      Policy policy,
      int openedAt,
      Object openedBy) {
    this.fd = fd;
    this.local = local;
    this.remote = remote;
    this.role = role;
    this.rule = rule;
    this.policy = policy;
    this.openedAt = openedAt;
    this.openedBy = openedBy;
  }

  /** Returns a line about a transition that begins with its ends, role, descriptor and rule. */
  Line line(Transition transition) {
    Line line = new Line(transition.event).add("local", local).add("remote", remote);
    line.add("role", role).add("fd", fd).add("rule", rule);
    return line.add("cause", transition.cause);
  }

  /** Adds its age, and the thread and code that opened it, to a line. */
  void addOriginTo(Line line) {
    int now = (int) (System.nanoTime() / 1_000_000_000L);
    boolean seen = openedAt != ConnectionTable.UNSEEN;
    line.add("age", seen ? now - openedAt + "s" : null).add("opened-by", thread());
    line.add("origin", origin());
  }

  String thread() {
    Object by = openedBy instanceof OpenSite ? ((OpenSite) openedBy).thread() : openedBy;
    // Virtual threads have no name unless they are given one.
    return by == null ? null : by.toString().isEmpty() ? "(unnamed)" : by.toString();
  }

  String origin() {
    return openedBy instanceof OpenSite ? ((OpenSite) openedBy).frame() : null;
  }

  /** Formats an address and port as ss(8) does. */
  static String text(InetAddress address, int port) {
    String number = address.getHostAddress();
    return (number.indexOf(':') < 0 ? number : "[" + number + "]") + ":" + port;
  }

  /** Formats a duration as {@code 8s}, or as {@code 0.7s} if it is short. */
  static String seconds(long millis) {
    if (millis % 1000 < 100 || millis >= 10_000) {
      return millis / 1000 + "s";
    }
    return millis / 1000 + "." + millis % 1000 / 100 + "s";
  }
}
