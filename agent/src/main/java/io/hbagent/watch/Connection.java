package io.hbagent.watch;

import io.hbagent.keepalive.ConnectionTable;
import io.hbagent.keepalive.OpenSite;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Role;
import io.hbagent.log.Line;
import java.net.InetAddress;

/**
 * One connection as the operator is told about it. Made when something happens to it; immutable.
 *
 * <p>Its {@link #policy} is what the kernel has: the rule's where it was enforced, the
 * application's own where that is respected, a native library's where nobody asked it.
 */
final class Connection {

  final int fd;
  final String local;
  final String remote;
  final Role role;
  final String rule;
  final Policy policy;

  /** {@link System#nanoTime} in seconds when it was opened, or {@link ConnectionTable#UNSEEN}. */
  final int openedAt;

  /** The thread that opened it, or an {@link OpenSite}; null when nobody saw it. */
  final Object openedBy;

  Connection(
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

  /** Adds who it is to a line. */
  Line addTo(Line line) {
    line.add("local", local).add("remote", remote).add("role", role);
    return line.add("fd", fd).add("rule", rule);
  }

  /** Adds where it came from to a line. */
  Line addOriginTo(Line line) {
    int now = (int) (System.nanoTime() / 1_000_000_000L);
    boolean seen = openedAt != ConnectionTable.UNSEEN;
    line.add("age", seen ? now - openedAt + "s" : null).add("opened-by", thread());
    return line.add("origin", origin());
  }

  String thread() {
    Object by = openedBy instanceof OpenSite ? ((OpenSite) openedBy).thread() : openedBy;
    // Virtual threads have no name unless they are given one.
    return by == null ? null : by.toString().isEmpty() ? "(unnamed)" : by.toString();
  }

  String origin() {
    return openedBy instanceof OpenSite ? ((OpenSite) openedBy).frame() : null;
  }

  /** An address and port as the kernel's tools write them. */
  static String text(InetAddress address, int port) {
    String number = address.getHostAddress();
    if (number.indexOf(':') < 0) {
      return number + ":" + port;
    }
    return "[" + number + "]:" + port;
  }
}
