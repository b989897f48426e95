package io.hbagent.watch;

import static io.hbagent.watch.ConnectionDescription.seconds;

import io.hbagent.hook.Failures;
import io.hbagent.keepalive.ConnectionTable;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.KeepaliveValues;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Role;
import io.hbagent.keepalive.Rules;
import io.hbagent.log.Line;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.RemoteAddresses;
import io.hbagent.tcp.TcpInfo;
import io.hbagent.tcp.Timers;
import io.hbagent.text.Timestamp;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * One check of every connection: a getsockopt each, and nothing is allocated for a connection that
 * was seen before and has not changed. On the watchdog's thread.
 *
 * <p>Between two checks, and between two system calls, a number can be closed and used again. Where
 * a hook saw it, the entry of the table has changed; where none did, the ends are compared before
 * anything is reported. Reading options, and setting a user timeout, does no harm to another
 * socket.
 *
 * <p>A check that fails, for want of memory or otherwise, leaves the flags of the connection as
 * they were: what it found has not been reported, and the next check finds it again. State is
 * removed only after it was reported.
 */
class Round {

  /** Flags of a check that hold although it failed: they do not depend on what was reported. */
  private static final int KEPT_AFTER_FAILURE =
      WatchedConnection.TIMEOUT_FOREIGN | WatchedConnection.EPISODE;

  /**
   * Calls that {@link #preload} makes of each method: the JDK generates classes for the first call
   * of a method handle, and again for the 128th ({@code MethodHandleStatics.CUSTOMIZE_THRESHOLD});
   * JDK 8 to 17 for the 16th reflective call ({@code sun.reflect.inflationThreshold}).
   */
  private static final int PRELOAD_CALLS = 150;

  private final KeepaliveManager manager;
  private final ConnectionTable table;
  private final WatchedConnections connections;
  private final TransitionReporter reporter;
  private final Detector detector = new Detector(this::timer);

  /** The addresses of this machine that connections have, each kept once: they are few. */
  private final Map<InetAddress, InetAddress> localAddresses = new HashMap<>();

  /** The one descriptor that is pointed at each number in turn. */
  private FileDescriptor fd;

  // Of one round: /proc is read at most once in each, and only if it is needed.
  private Timers timers;
  private RemoteAddresses remotes;

  private Rules rules;
  private int now;
  private boolean hasRun;
  private int watched;

  Round(KeepaliveManager manager, WatchedConnections connections, TransitionReporter reporter) {
    this.manager = manager;
    this.table = manager.table();
    this.connections = connections;
    this.reporter = reporter;
  }

  void configure(WatchSettings settings) {
    detector.configure(settings.roundMillis, settings.halfClosedAfterMillis);
  }

  /**
   * Checks all of them.
   *
   * @return how many there are
   */
  int run(int nowMillis) {
    detector.begin(hasRun ? nowMillis - now : 0);
    hasRun = true;
    now = nowMillis;
    rules = manager.rules();
    timers = null;
    remotes = new RemoteAddresses();
    watched = 0;
    int end = table.end();
    for (int number = 0; number < end; number++) {
      int entry = table.entry(number);
      if (entry != ConnectionTable.UNKNOWN) {
        check(number, entry);
      }
    }
    return watched;
  }

  private void select(int number) {
    if (fd == null) {
      fd = Kernel.wrap(number);
    } else {
      Kernel.retarget(fd, number);
    }
  }

  private void check(int number, int entry) {
    WatchedConnection c = connections.getOrCreate(number);
    int flags = c.flags;
    try {
      if (!ConnectionTable.isSame(c.entry, entry)) {
        gone(number, c);
        c.reset(entry);
        flags = 0;
      }
      if (!c.is(WatchedConnection.GONE)) {
        try {
          select(number);
          check(number, entry, c, Kernel.info(fd));
        } catch (IOException e) { // closed, or it never was TCP
          gone(number, c);
          c.set(WatchedConnection.GONE);
        }
      }
    } catch (RuntimeException | Error e) {
      c.flags = flags | (c.flags & KEPT_AFTER_FAILURE);
      if (e instanceof OutOfMemoryError) {
        throw e;
      }
      Failures.add(e); // the others are checked all the same
    }
  }

  private void check(int number, int entry, WatchedConnection c, int info) throws IOException {
    watched++;
    Policy policy = rules.policy(ConnectionTable.decisionOf(entry));
    boolean ends =
        TcpInfo.state(info) == TcpInfo.CLOSE
            && c.is(WatchedConnection.CONNECTED)
            && !c.is(WatchedConnection.ENDED);
    if (ends) {
      policy = inForce(c, policy);
    }
    Transition transition = detector.check(c, info, now, policy);
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
      c.reset(entry); // the next check begins with the other connection
    } else if (transition == Transition.HALF_CLOSED) {
      reportHalfClosed(c, describe(number, c));
    } else if (transition == Transition.RECOVERED) {
      ConnectionDescription known = connections.halfOpen(number);
      if (known != null) {
        reportEnd(transition, known, true, null, null);
      }
    } else {
      becameHalfOpen(transition, describe(number, c), c, info);
    }
  }

  /**
   * Reads both ends, once a connection: a socket the kernel has dropped no longer has them. On JDK
   * 8 and 11 one that is newer than this round's snapshot of /proc waits for the next.
   */
  private void readEnds(WatchedConnection c) throws IOException {
    InetSocketAddress local = Kernel.local(fd);
    InetSocketAddress remote;
    try {
      remote = remotes.of(fd);
    } catch (IOException e) {
      if (remotes.isSnapshot()) {
        return;
      }
      throw e;
    }
    InetAddress known = localAddresses.putIfAbsent(local.getAddress(), local.getAddress());
    c.setEnds(known == null ? local.getAddress() : known, local.getPort(), remote);
  }

  /**
   * Returns whether the number still is the connection whose ends were read. A native library can
   * close it and get the number again between two checks, which no hook sees.
   */
  private boolean isSameConnection(WatchedConnection c) {
    try {
      return c.localPort() == Kernel.local(fd).getPort()
          && c.remotePort() == remotes.of(fd).getPort();
    } catch (IOException e) {
      return true; // dropped in the meantime: the next check will see that
    }
  }

  /** Returns the timer the kernel runs for a connection, a constant of {@link Timers}. */
  int timer(WatchedConnection c) {
    if (timers == null) {
      timers = Timers.read();
    }
    return timers.of(Timers.key(c.localPort(), c.remotePort(), c.lastOfRemote()));
  }

  private ConnectionDescription describe(int number, WatchedConnection c) {
    int decision = table.decision(number);
    boolean ruled = decision >= 0 && decision < rules.list().size();
    return new ConnectionDescription(
        number,
        ConnectionDescription.text(c.local, c.localPort()),
        ConnectionDescription.text(c.remote(), c.remotePort()),
        table.role(number),
        ruled ? rules.list().get(decision).name : null,
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
      KeepaliveValues set = KeepaliveValues.of(fd);
      boolean toBeSet =
          policy.adaptive()
              && set.userTimeout() == 0
              && c.userTimeout == 0
              && !c.is(WatchedConnection.TIMEOUT_FOREIGN);
      int userTimeout = toBeSet ? Policy.ADAPTIVE : set.userTimeout();
      return new Policy(set.keepalive(), set.idle(), set.intvl(), set.cnt(), userTimeout);
    } catch (IOException e) {
      return policy;
    }
  }

  private void becameHalfOpen(
      Transition transition, ConnectionDescription connection, WatchedConnection c, int info) {
    Policy policy = connection.policy;
    Line line = connection.line(transition);
    if (transition == Transition.UNACKNOWLEDGED_DATA) {
      line.add("retransmits", TcpInfo.retransmits(info));
      long limit = policy.dataDeadAfter();
      if (limit > 0) {
        line.add("dead-in", seconds(Math.max(0, limit - c.elapsed(now))));
      }
    } else if (c.is(WatchedConnection.ZERO_WINDOW)) {
      line.add("unanswered", TcpInfo.probes(info)).add("window", 0);
    } else {
      line.add("unanswered", TcpInfo.probes(info) + "/" + policy.cnt());
      line.add("silent", seconds(c.silent(now, policy)));
      line.add("dead-in", seconds(c.deadIn(now, policy)));
    }
    connections.addHalfOpen(connection, now);
    try {
      reporter.report(transition, connection, 0, line);
    } catch (RuntimeException | Error e) {
      connections.removeHalfOpen(connection);
      throw e;
    }
  }

  private void reportHalfClosed(WatchedConnection c, ConnectionDescription connection) {
    int elapsed = now - c.peerClosedAt;
    Line line = connection.line(Transition.HALF_CLOSED);
    line.add("since", Timestamp.seconds(System.currentTimeMillis() - elapsed));
    line.add("for", seconds(elapsed));
    reporter.report(Transition.HALF_CLOSED, connection, 0, line);
  }

  /**
   * The kernel has dropped it, or both ends have closed it; the descriptor is open. Nothing is
   * reported of an ordinary end, or of an error the application has read.
   */
  private void ended(Transition transition, int number, WatchedConnection c) throws IOException {
    boolean unread = Kernel.hasError(fd);
    ConnectionDescription known = connections.halfOpen(number);
    if (known == null && (!unread || c.ports == 0)) {
      return;
    }
    ConnectionDescription connection = known == null ? describe(number, c) : known;
    if (detector.wasHalfClosed(c, now)) {
      c.set(WatchedConnection.HALF_CLOSED);
      reportHalfClosed(c, connection);
    }
    String halfClosed = c.is(WatchedConnection.PEER_CLOSED) ? seconds(now - c.peerClosedAt) : null;
    String socket = unread ? "open, application not told yet" : "open";
    reportEnd(transition, connection, known != null, halfClosed, socket);
  }

  /** Reports the end of a connection whose number is closed, or another connection's by now. */
  private void gone(int number, WatchedConnection c) {
    c.userTimeout = 0;
    ConnectionDescription known = connections.halfOpen(number);
    if (known != null) { // otherwise it is reported already
      Transition transition = detector.gone(c, known.lastInfo, now, known.policy);
      String socket = transition == Transition.CLOSED ? null : "closed";
      reportEnd(transition, known, true, null, socket);
    }
  }

  /**
   * Reports that a connection has recovered or ended.
   *
   * @param wasHalfOpen whether it was known to be half-open
   * @param halfClosed for how long its peer had closed it; null where it had not
   * @param socket the state of the descriptor; null where that is clear
   */
  private void reportEnd(
      Transition transition,
      ConnectionDescription connection,
      boolean wasHalfOpen,
      String halfClosed,
      String socket) {
    int millis = wasHalfOpen ? now - connection.halfOpenSince : 0;
    Line line = connection.line(transition).add("after", wasHalfOpen ? seconds(millis) : null);
    line.add("half-closed", halfClosed).add("socket", socket);
    reporter.report(transition, connection, millis, line);
    if (wasHalfOpen) {
      connections.removeHalfOpen(connection);
    }
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
      if (Kernel.userTimeout(fd) != 0) {
        c.set(WatchedConnection.TIMEOUT_FOREIGN); // the application's own is not changed
      } else {
        c.userTimeout = (int) Math.min(Integer.MAX_VALUE, policy.dataDeadAfter());
        Kernel.userTimeout(fd, c.userTimeout);
      }
    }
  }

  /** Removes it, unless the application or a changed rule has set another in the meantime. */
  private void clearUserTimeout(WatchedConnection c) throws IOException {
    if (c.userTimeout != 0 && Kernel.userTimeout(fd) == c.userTimeout) {
      Kernel.userTimeout(fd, 0);
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
          select(number);
          clearUserTimeout(c);
        } catch (IOException e) {
          // closed in the meantime
        }
        c.reset(0);
      }
    }
    connections.clearHalfOpen();
    hasRun = false; // the next round is no late one, however long there was none
  }

  /**
   * Initialises the classes that the first transition needs, while there is memory. Called once,
   * when there is a first connection: not before, because the JDK's network classes are used.
   *
   * <p>A class whose initialiser meets a full heap is unusable for as long as the JVM runs (JVMS
   * 5.5, step 11), and those of the JDK are the application's as well: {@code Long.valueOf}, for
   * one. FirstUseXIT holds this method against the JVM's own log.
   */
  void preload() {
    ConnectionDescription none =
        new ConnectionDescription(-1, "", "", Role.CLIENT, null, Policy.OFF, 0, null);
    Line line = none.line(Transition.HALF_CLOSED).add("since", Timestamp.seconds(0));
    line.add("for", seconds(0)).add("state", TcpInfo.stateName(0));
    line.add("timer", Timers.read().of(0));
    FileDescriptor closed = Kernel.wrap(-1);
    for (int i = 0; i < 4 * PRELOAD_CALLS; i++) {
      reporter.recorder.isReady();
      Kernel.retarget(closed, -1);
      try {
        if (i % 4 == 0) {
          Kernel.keepAlive(closed);
        } else if (i % 4 == 1) {
          Kernel.userTimeout(closed, 0);
        } else if (i % 4 == 2) {
          Kernel.hasError(closed);
        } else {
          Kernel.local(closed);
        }
      } catch (IOException e) {
        // EBADF
      }
    }
  }
}
