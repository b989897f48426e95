package io.hbagent.watch;

import io.hbagent.hook.Failures;
import io.hbagent.keepalive.ConnectionTable;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Rule;
import io.hbagent.keepalive.Rules;
import io.hbagent.tcp.TcpInfo;
import io.hbagent.text.Timestamp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One look at every connection: a getsockopt each, and nothing is allocated for a connection that
 * was seen before and has not changed. On the watchdog's thread.
 *
 * <p>Between two looks a number can be closed and used again. Where a hook saw it, the entry of the
 * table has changed; where none did, the ends are compared before anything is reported.
 *
 * <p>A look that fails, for want of memory or otherwise, leaves the flags of the connection as they
 * were: what it found has not been reported, and the next look finds it again.
 */
final class Round {

  /** Flags of a look that hold although it failed: they do not depend on what was reported. */
  private static final int KEPT_AFTER_FAILURE =
      WatchedConnection.TIMEOUT_FOREIGN | WatchedConnection.EPISODE;

  private final KeepaliveManager keeper;
  private final ConnectionTable table;
  private final WatchedConnections connections;
  private final TransitionReporter reporter;
  private final Sockets sockets;
  private final Detector detector;

  /** The addresses of this machine that connections have, each kept once: they are few. */
  private final Map<InetAddress, InetAddress> localAddresses = new HashMap<>();

  private Rules rules;
  private int now;
  private int watched;

  Round(
      KeepaliveManager keeper,
      WatchedConnections connections,
      TransitionReporter reporter,
      Sockets sockets) {
    this.keeper = keeper;
    this.table = keeper.table();
    this.connections = connections;
    this.reporter = reporter;
    this.sockets = sockets;
    this.detector = new Detector(sockets::timer);
  }

  void configure(WatchSettings settings) {
    detector.configure(settings.intervalMillis, settings.halfClosedAfterMillis);
  }

  /**
   * Looks at all of them.
   *
   * @return how many there are
   */
  int run(int nowMillis) {
    now = nowMillis;
    rules = keeper.rules();
    sockets.begin();
    watched = 0;
    int end = table.end();
    for (int number = 0; number < end; number++) {
      int entry = table.entry(number);
      if (entry != ConnectionTable.UNKNOWN) {
        look(number, entry);
      }
    }
    return watched;
  }

  private void look(int number, int entry) {
    WatchedConnection c = connections.getOrCreate(number);
    int flags = c.flags;
    boolean done = false;
    try {
      if (!ConnectionTable.isSame(c.entry, entry)) {
        gone(number, c);
        c.reset(entry);
        flags = 0;
      }
      if (!c.is(WatchedConnection.GONE)) {
        try {
          sockets.select(number);
          look(number, entry, c, sockets.info());
        } catch (IOException e) { // closed, or it never was TCP
          gone(number, c);
          c.set(WatchedConnection.GONE);
        }
      }
      done = true;
    } catch (RuntimeException | LinkageError e) {
      Failures.add(e); // the others are looked at all the same
    } finally {
      if (!done) {
        c.flags = flags | (c.flags & KEPT_AFTER_FAILURE);
      }
    }
  }

  private void look(int number, int entry, WatchedConnection c, int info) throws IOException {
    watched++;
    Policy policy = rules.policy(ConnectionTable.decisionOf(entry));
    boolean ends =
        TcpInfo.state(info) == TcpInfo.CLOSE
            && c.is(WatchedConnection.CONNECTED)
            && !c.is(WatchedConnection.ENDED);
    if (ends) {
      policy = inForce(c, policy);
    }
    Transition transition = detector.look(c, info, now, policy);
    if (c.ports == 0 && c.is(WatchedConnection.CONNECTED) && !ends) {
      readEnds(c);
    }
    if (TcpInfo.retransmits(info) > 0
        || c.userTimeout != 0
        || c.is(WatchedConnection.TIMEOUT_FOREIGN)) {
      adaptUserTimeout(c, info, policy);
    }
    if (transition == null) {
      return;
    }
    if (ends) {
      ended(transition, number, c);
    } else if (!isSameConnection(c)) {
      gone(number, c);
      c.reset(entry); // the next look begins with the other connection
    } else if (transition == Transition.HALF_CLOSED) {
      reporter.report(halfClosed(c, describe(number, c)));
    } else if (transition == Transition.RECOVERED) {
      ConnectionDescription known = connections.halfOpen(number);
      if (known != null) {
        reporter.report(new TransitionEvent(transition, known).after(known.halfOpenFor(now)));
        connections.removeHalfOpen(known);
      }
    } else {
      becameHalfOpen(transition, number, c, info);
    }
  }

  /**
   * Reads both ends, once a connection: a socket the kernel has dropped does not tell them any
   * more. On JDK 8 and 11 one that is newer than this round's snapshot of /proc waits for the next.
   */
  private void readEnds(WatchedConnection c) throws IOException {
    InetSocketAddress local = sockets.local();
    InetSocketAddress remote;
    try {
      remote = sockets.remote();
    } catch (IOException e) {
      if (sockets.isRemoteLate()) {
        return;
      }
      throw e;
    }
    InetAddress known = localAddresses.putIfAbsent(local.getAddress(), local.getAddress());
    c.setEnds(
        known == null ? local.getAddress() : known,
        local.getPort(),
        remote.getAddress(),
        remote.getPort());
  }

  /**
   * Returns whether the number still is the connection whose ends were read. A native library can
   * close it and get the number again between two looks, and no hook tells.
   */
  private boolean isSameConnection(WatchedConnection c) {
    try {
      return c.localPort() == sockets.local().getPort()
          && c.remotePort() == sockets.remote().getPort();
    } catch (IOException e) {
      return true; // dropped in the meantime: the next look will see that
    }
  }

  private ConnectionDescription describe(int number, WatchedConnection c) {
    int decision = table.decision(number);
    List<Rule> list = rules.list();
    return new ConnectionDescription(
        number,
        ConnectionDescription.text(c.local, c.localPort()),
        ConnectionDescription.text(c.remote(), c.remotePort()),
        table.role(number),
        decision >= 0 && decision < list.size() ? list.get(decision).name() : null,
        inForce(c, rules.policy(decision)),
        table.openedAt(number),
        table.openedBy(number));
  }

  /**
   * Reads what the kernel really has on it, also when it has dropped the connection: an application
   * may have been respected, and a native library sets what it likes.
   *
   * @param policy of the rule, which is returned if nothing can be read
   */
  private Policy inForce(WatchedConnection c, Policy policy) {
    try {
      int userTimeout = sockets.userTimeout();
      if (policy.adaptive() && c.userTimeout == 0 && !c.is(WatchedConnection.TIMEOUT_FOREIGN)) {
        userTimeout = Policy.ADAPTIVE; // what will be set
      }
      return sockets.options(userTimeout);
    } catch (IOException e) {
      return policy;
    }
  }

  private void becameHalfOpen(Transition transition, int number, WatchedConnection c, int info) {
    ConnectionDescription connection = describe(number, c);
    Policy policy = connection.policy;
    TransitionEvent event = new TransitionEvent(transition, connection);
    if (transition == Transition.UNACKNOWLEDGED_DATA) {
      event.add("retransmits", TcpInfo.retransmits(info));
      long limit = policy.dataDeadAfter();
      if (limit > 0) {
        event.add("dead-in", TransitionEvent.seconds(Math.max(0, limit - c.elapsed(now))));
      }
    } else if (c.is(WatchedConnection.ZERO_WINDOW)) {
      event.add("unanswered", TcpInfo.probes(info)).add("window", 0);
    } else {
      event.add("unanswered", TcpInfo.probes(info) + "/" + policy.cnt());
      event.add("silent", TransitionEvent.seconds(c.silent(now, policy)));
      event.add("dead-in", TransitionEvent.seconds(c.deadIn(now, policy)));
    }
    connections.addHalfOpen(connection, now);
    boolean reported = false;
    try {
      reporter.report(event);
      reported = true;
    } finally {
      if (!reported) {
        connections.removeHalfOpen(connection);
      }
    }
  }

  private TransitionEvent halfClosed(WatchedConnection c, ConnectionDescription connection) {
    int elapsed = now - c.peerClosedAt;
    return new TransitionEvent(Transition.HALF_CLOSED, connection)
        .add("since", Timestamp.seconds(System.currentTimeMillis() - elapsed))
        .add("for", TransitionEvent.seconds(elapsed));
  }

  /**
   * The kernel has dropped it, or both ends have closed it; the descriptor is open. Nothing is
   * reported of an ordinary end, or of an error the application has read.
   */
  private void ended(Transition transition, int number, WatchedConnection c) throws IOException {
    boolean unread = sockets.hasError();
    ConnectionDescription known = connections.halfOpen(number);
    if (known == null && (!unread || c.ports == 0)) {
      return;
    }
    ConnectionDescription connection = known == null ? describe(number, c) : known;
    if (detector.wasHalfClosed(c, now)) {
      c.set(WatchedConnection.HALF_CLOSED);
      reporter.report(halfClosed(c, connection));
    }
    TransitionEvent event = new TransitionEvent(transition, connection);
    if (known != null) {
      event.after(known.halfOpenFor(now));
    }
    if (c.is(WatchedConnection.PEER_CLOSED)) {
      event.add("half-closed", TransitionEvent.seconds(now - c.peerClosedAt));
    }
    reporter.report(event.add("socket", unread ? "open, application not told yet" : "open"));
    if (known != null) {
      connections.removeHalfOpen(known);
    }
  }

  /** The number is closed, or belongs to another connection by now. */
  private void gone(int number, WatchedConnection c) {
    c.userTimeout = 0;
    ConnectionDescription known = connections.halfOpen(number);
    if (known == null) {
      return; // reported already
    }
    Transition transition = detector.gone(c, known.lastInfo, now, known.policy);
    TransitionEvent event = new TransitionEvent(transition, known);
    event.after(known.halfOpenFor(now));
    if (transition != Transition.CLOSED) {
      event.add("socket", "closed");
    }
    reporter.report(event);
    connections.removeHalfOpen(known);
  }

  /**
   * Sets TCP_USER_TIMEOUT, for {@code user-timeout=adaptive}, while data is retransmitted, and
   * takes it back when data is acknowledged again.
   *
   * <p>Keepalive does not run while data is in flight, so the kernel retries a peer that dies then
   * for some 15 minutes. A timeout that was set all the time would also end connections to a living
   * peer that does not read: its kernel answers every probe, so it never shows a retransmission, so
   * it is never touched here.
   */
  private void adaptUserTimeout(WatchedConnection c, int info, Policy policy) throws IOException {
    if (!policy.adaptive() || TcpInfo.retransmits(info) == 0) {
      clearUserTimeout(c);
    } else if (c.userTimeout == 0 && !c.is(WatchedConnection.TIMEOUT_FOREIGN)) {
      if (sockets.userTimeout() != 0) {
        c.set(WatchedConnection.TIMEOUT_FOREIGN); // the application's own is not changed
      } else {
        c.userTimeout = (int) Math.min(Integer.MAX_VALUE, policy.dataDeadAfter());
        sockets.userTimeout(c.userTimeout);
      }
    }
  }

  /** What the application, or a changed rule, has set in the meantime stays. */
  private void clearUserTimeout(WatchedConnection c) throws IOException {
    if (c.userTimeout != 0 && sockets.userTimeout() == c.userTimeout) {
      sockets.userTimeout(0);
    }
    c.userTimeout = 0;
    c.clear(WatchedConnection.TIMEOUT_FOREIGN);
  }

  /**
   * Restores the user timeouts the watchdog has set, when it ends, and forgets what it has seen: if
   * it starts again, what was half-open then may be long over.
   */
  void undo() {
    for (int number = 0; number < connections.end(); number++) {
      WatchedConnection c = connections.get(number);
      if (c != null && c.entry != 0) {
        try {
          sockets.select(number);
          clearUserTimeout(c);
        } catch (IOException e) {
          // closed in the meantime
        }
        c.reset(0);
      }
    }
    connections.clearHalfOpen();
  }
}
