package io.hbagent.keepalive;

import io.hbagent.keepalive.FoundSockets.Found;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.OpenSocket;
import io.hbagent.tcp.OpenSockets;
import io.hbagent.tcp.Options;
import io.hbagent.tcp.TcpInfo;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/**
 * Applies the rules to sockets that are open already, and restores the options they had. On the
 * agent's thread; see {@link OpenSockets} for a descriptor number that is used again in between.
 *
 * <p>After an attach {@link #give} is called when the hooks are in place, and again a few times: a
 * thread that was inside connect or accept while the JVM wove it goes on in the old code, and the
 * next call finds the connection it opens.
 */
public final class OpenConnections {

  private final KeepaliveManager manager;
  private final FoundSockets found;

  /** Set by a detach on another thread: the agent's own may still call here. */
  private volatile boolean released;

  /** The open connections of this JVM. */
  public OpenConnections(KeepaliveManager manager) {
    this.manager = manager;
    this.found = manager.foundSockets();
  }

  /**
   * Gives options to every socket that has not passed a hook and was not found before. Listeners
   * come last: options that a connection has inherited from one of ours were not there before.
   */
  public SweepResult give() {
    SweepResult result = new SweepResult();
    if (!released) {
      SocketSnapshot snapshot = new SocketSnapshot();
      give(snapshot.others, snapshot, result);
      give(snapshot.listeners, snapshot, result);
      found.removeClosed(snapshot);
    }
    return result;
  }

  /**
   * Gives options to the connections of native code, which pass no hook, and sets those again that
   * native code has changed. Listeners and unconnected sockets are left alone.
   */
  public SweepResult giveToNative() {
    SweepResult result = new SweepResult();
    if (!released) {
      SocketSnapshot snapshot = new SocketSnapshot();
      snapshot.others.removeIf(socket -> !isConnected(socket));
      give(snapshot.others, snapshot, result);
      found.removeClosed(snapshot);
      manager.counters().swept.addAndGet(result.given);
    }
    return result;
  }

  private void give(List<OpenSocket> sockets, SocketSnapshot snapshot, SweepResult result) {
    ConnectionTable table = manager.table();
    for (OpenSocket socket : sockets) {
      try {
        Found entry = found.get(socket.number(), socket.inode());
        if (entry == null && !isHooked(socket)) {
          table.closed(socket.number()); // its entry is that of an earlier connection
          entry = found.find(socket.descriptor(), manager.rules().otherwise());
        }
        if (entry != null && entry.waiting) {
          new Update(socket, snapshot, result, entry, null).give();
        } else {
          manager.recheck(socket.descriptor(), true, snapshot.remotes);
        }
      } catch (IOException e) {
        result.closed++;
      }
    }
  }

  /**
   * Returns whether a socket has passed a hook. Without the watchdog no close is seen: there a
   * connection that should have options of ours and has none is not the one of the entry.
   */
  private boolean isHooked(OpenSocket socket) throws IOException {
    Policy policy = manager.rules().policy(manager.table().decision(socket.number()));
    return manager.table().isHooked(socket.number())
        && (!policy.keepalive()
            || manager.unset().difference(socket.descriptor(), policy.options(0)) != 0);
  }

  private static boolean isConnected(OpenSocket socket) {
    try {
      return TcpInfo.isConnected(Kernel.info(socket.descriptor()));
    } catch (IOException e) {
      return false; // closed in the meantime
    }
  }

  /** Returns whether a socket that was found unconnected may still connect without a hook. */
  public boolean isWaiting() {
    return found.isWaiting();
  }

  /**
   * Applies changed rules to every open connection and to the listeners.
   *
   * <p>A connection whose new policy is off is only touched if the old one was on: then its options
   * are there because of us.
   *
   * @param before the rules that were in force until now
   */
  public SweepResult change(Rules before) {
    try {
      SweepResult result = new SweepResult();
      SocketSnapshot snapshot = new SocketSnapshot();
      Map<Integer, ApplicationOptions> own = manager.ownChoices().byNumber();
      for (OpenSocket socket : snapshot.listeners) {
        update(socket, snapshot, result, own).changeListener();
      }
      for (OpenSocket socket : snapshot.others) {
        try {
          update(socket, snapshot, result, own).change(before);
        } catch (IOException e) {
          result.closed++;
        }
      }
      return result;
    } finally {
      manager.changed();
    }
  }

  private Update update(
      OpenSocket socket,
      SocketSnapshot snapshot,
      SweepResult result,
      Map<Integer, ApplicationOptions> own) {
    Found entry = found.get(socket.number(), socket.inode());
    return new Update(socket, snapshot, result, entry, own.get(socket.number()));
  }

  /** Returns the result {@link #give} would have in a JVM without the agent. Changes nothing. */
  public static SweepResult preview(KeepaliveManager manager) {
    SweepResult result = new SweepResult();
    OpenConnections open = new OpenConnections(manager);
    SocketSnapshot snapshot = new SocketSnapshot();
    for (OpenSocket socket : snapshot.listeners) {
      open.new Update(socket, snapshot, result, null, null).previewListener();
    }
    for (OpenSocket socket : snapshot.others) {
      try {
        open.new Update(socket, snapshot, result, null, null).preview();
      } catch (IOException e) {
        result.closed++;
      }
    }
    return result;
  }

  /**
   * Restores listeners, after the hooks are gone, so that connections accepted from now on inherit
   * nothing of ours; connections only on request.
   *
   * @param restore whether connections are restored as well: to the options they had before, or
   *     that the application has set since
   */
  public SweepResult release(boolean restore) {
    return release(restore, false);
  }

  /**
   * Restores everything after an attach that was not finished: a socket that was not found is only
   * touched if it has exactly the options a hook has given, or has inherited them from a listener
   * that was found.
   */
  public SweepResult takeBack() {
    return release(true, true);
  }

  private SweepResult release(boolean restore, boolean foundOnly) {
    released = true;
    SweepResult result = new SweepResult();
    Map<Integer, ApplicationOptions> own = manager.ownChoices().byNumber();
    SocketSnapshot before = new SocketSnapshot();
    for (OpenSocket socket : before.listeners) {
      update(socket, before, result, own).restoreListener();
    }
    // Anew: a listener that still had ours may have accepted another.
    SocketSnapshot snapshot = new SocketSnapshot();
    for (OpenSocket socket : snapshot.others) {
      try {
        update(socket, snapshot, result, own).release(restore, foundOnly);
      } catch (IOException e) {
        // closed in the meantime
      }
    }
    found.clear();
    return result;
  }

  /** Receives the connected sockets for the report. */
  public interface Visitor {
    /**
     * Called once for each.
     *
     * @throws IOException if it was closed in the meantime
     */
    void see(OpenSocket socket, ConnectionInfo peer, int info) throws IOException;
  }

  /** Visits every open connection; listeners and unconnected sockets are left out. */
  public static void show(KeepaliveManager manager, Visitor visitor) {
    SocketSnapshot snapshot = new SocketSnapshot();
    for (OpenSocket socket : snapshot.others) {
      try {
        int info = Kernel.info(socket.descriptor());
        if (TcpInfo.isConnected(info)) {
          visitor.see(socket, ConnectionInfo.of(socket, manager, manager.rules(), snapshot), info);
        }
      } catch (IOException e) {
        // closed in the meantime
      }
    }
  }

  /** Returns the policy of a listener: that of a connection whose remote end is not known yet. */
  private static Policy ofListener(Rules rules, InetSocketAddress local) {
    return rules.policy(rules.decide(Role.SERVER, null, 0, local));
  }

  /** One socket. An IOException means that it was closed in the meantime. */
  private final class Update {

    private final Rules now = manager.rules();
    private final OpenSocket socket;
    private final FileDescriptor fd;
    private final SocketSnapshot snapshot;
    private final SweepResult result;
    private final Found entry;
    private final ApplicationOptions choice;

    /**
     * Creates the update of one socket.
     *
     * @param entry null if the socket has passed a hook
     * @param choice the options the application has set itself, or null
     */
    Update(
        OpenSocket socket,
        SocketSnapshot snapshot,
        SweepResult result,
        Found entry,
        ApplicationOptions choice) {
      this.socket = socket;
      this.fd = socket.descriptor();
      this.snapshot = snapshot;
      this.result = result;
      this.entry = entry;
      this.choice = choice;
    }

    private int state() throws IOException {
      return TcpInfo.state(Kernel.info(fd));
    }

    private ConnectionInfo info() throws IOException {
      return ConnectionInfo.of(socket, manager, now, snapshot);
    }

    void give() throws IOException {
      int state = state();
      entry.connecting = state == TcpInfo.SYN_SENT;
      if (state == TcpInfo.LISTEN) {
        giveToListener();
      } else if (entry.connecting && !now.isEmpty()) {
        result.connecting++; // its remote end, for the rules, is not known before it is connected
        return;
      } else if (entry.connecting) {
        manager.table().redecide(socket.number(), Role.CLIENT, Rules.NO_RULE);
        give(now.otherwise());
      } else if (state == TcpInfo.CLOSE) {
        return;
      } else {
        ConnectionInfo info = info();
        manager.table().redecide(socket.number(), info.role(), info.decision());
        give(now.policy(info.decision()));
      }
      entry.waiting = false; // unless one of these has failed: the next call tries again
    }

    private void give(Policy policy) throws IOException {
      if (count(policy, entry.before)) {
        policy.set(fd, policy.options(own(policy, entry.before)));
      }
    }

    /** Returns the options that the application, or a library, had set before and keeps. */
    private int own(Policy policy, KeepaliveValues before) {
      return before.own(policy, manager.conflict(), manager.unset());
    }

    /** Counts a connection; returns whether it lacks options that it is to be given. */
    private boolean count(Policy policy, KeepaliveValues before) {
      if (!policy.keepalive()) {
        result.offByRule++;
      } else if (before.matches(policy, 0)) {
        result.same++;
      } else if (before.matches(policy, own(policy, before))) {
        result.ownChoice++;
      } else {
        result.given++;
        return true;
      }
      return false;
    }

    private void giveToListener() throws IOException {
      Policy policy = ofListener(now, Kernel.local(fd));
      if (policy.keepalive()) {
        int own = own(policy, entry.before);
        // First: what it accepts is turned off again where a rule says so.
        manager.listenersCarry(!entry.before.keepalive());
        entry.before.set(fd, own); // earlier settings may have replaced it
        policy.set(fd, policy.options(own));
        result.listeners += policy.options(own) == 0 ? 0 : 1;
      }
    }

    void previewListener() {
      try {
        result.listeners += ofListener(now, Kernel.local(fd)).keepalive() ? 1 : 0;
      } catch (IOException e) {
        result.closed++;
      }
    }

    void preview() throws IOException {
      int state = state();
      if (state == TcpInfo.SYN_SENT) {
        result.connecting++;
      } else if (state != TcpInfo.CLOSE) {
        ConnectionInfo info = info();
        if (count(now.policy(info.decision()), KeepaliveValues.of(fd))) {
          result.would.add(info);
        }
      }
    }

    void changeListener() {
      try {
        if (entry == null) {
          return; // opened since: the hook on accept gives options to what it accepts
        }
        if (ofListener(now, Kernel.local(fd)).keepalive()) {
          giveToListener();
        } else {
          entry.before.set(fd, Options.ALL);
        }
      } catch (IOException e) {
        result.closed++;
      }
    }

    void restoreListener() {
      try {
        if (entry != null) {
          entry.before.set(fd, Options.ALL);
        }
      } catch (IOException e) {
        // closed in the meantime
      }
    }

    void change(Rules rulesBefore) throws IOException {
      if (!TcpInfo.isConnected(Kernel.info(fd))) {
        return; // connect has set the options it had then, or give() waits for it
      }
      ConnectionInfo info = info();
      Policy policy = now.policy(info.decision());
      Policy old = rulesBefore.policy(info.decide(rulesBefore));
      manager.table().redecide(socket.number(), info.role(), info.decision());
      if (policy.keepalive()) {
        KeepaliveValues carried = KeepaliveValues.of(fd);
        KeepaliveValues original = original();
        int own = choice == null ? own(policy, original) : chosen(policy, original);
        original.set(fd, own); // earlier settings may have replaced it
        policy.set(fd, policy.options(own));
        if (old.userTimeout() > 0
            && policy.userTimeout() == 0
            && (own & Options.USER_TIMEOUT) == 0) {
          Kernel.userTimeout(fd, 0);
        }
        if (own != 0 && original.matches(policy, own)) {
          result.ownChoice++;
        } else if (carried.differences(KeepaliveValues.of(fd)) == 0) {
          result.same++;
        } else {
          result.given++;
        }
      } else if (!old.keepalive() || !restore(old)) {
        result.offByRule++;
      }
    }

    /** Returns the options that stay as the application has set them since. */
    private int chosen(Policy policy, KeepaliveValues original) {
      switch (manager.conflict()) {
        case RESPECT:
          return choice.bits() | (entry == null ? 0 : own(policy, entry.before));
        case TIGHTEN:
          return original.isSooner(policy) ? Options.KEEPALIVE_ALL : 0;
        default:
          return 0;
      }
    }

    /** Returns the values the socket would have if there had been no agent. */
    private KeepaliveValues original() throws IOException {
      KeepaliveValues before = entry == null ? null : entry.before;
      if (before == null) {
        before = found.listener(Kernel.local(fd).getPort());
      }
      if (before == null) {
        before = manager.unset();
      }
      return choice == null ? before : choice.over(before);
    }

    /** Restores the options that a policy has set; returns whether that turned keepalive off. */
    private boolean restore(Policy policy) throws IOException {
      boolean on = Kernel.keepAlive(fd);
      original().restore(fd, policy, policy.options(0));
      boolean off = on && !Kernel.keepAlive(fd);
      result.turnedOff += off ? 1 : 0;
      return off;
    }

    void release(boolean restore, boolean foundOnly) throws IOException {
      int state = state();
      if (state == TcpInfo.CLOSE) {
        return;
      }
      Policy policy = state == TcpInfo.SYN_SENT ? now.otherwise() : now.policy(info().decision());
      if (foundOnly && entry == null) {
        Policy inherited = ofListener(now, Kernel.local(fd));
        if (found.listener(Kernel.local(fd).getPort()) != null && carries(inherited)) {
          policy = inherited;
        } else if (manager.table().role(socket.number()) == null || !carries(policy)) {
          return;
        }
      }
      if (restore && policy.keepalive()) {
        restore(policy);
      } else if (policy.keepalive() && Kernel.keepAlive(fd) && !original().keepalive()) {
        result.kept++;
      }
    }

    /** Returns whether the socket has the values of a policy, but for the application's own. */
    private boolean carries(Policy policy) throws IOException {
      int own = choice == null ? 0 : choice.bits();
      return policy.keepalive() && policy.difference(fd, policy.options(own)) == 0;
    }
  }
}
