package io.hbagent.keepalive;

import io.hbagent.keepalive.OpenConnections.Found;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.OpenSocket;
import io.hbagent.tcp.TcpInfo;
import java.io.FileDescriptor;
import java.io.IOException;

/**
 * What {@link OpenConnections} does to one socket. An IOException means that it was closed in the
 * meantime.
 */
final class OpenSocketUpdate {

  private final KeepaliveManager keeper;
  private final Rules now;
  private final OpenSocket socket;
  private final FileDescriptor fd;
  private final SweepResult tally;
  private final Found entry;

  /**
   * @param entry what is known of the socket from before the hooks, or null
   */
  OpenSocketUpdate(KeepaliveManager keeper, OpenSocket socket, SweepResult tally, Found entry) {
    this.keeper = keeper;
    this.now = keeper.rules();
    this.socket = socket;
    this.fd = socket.descriptor();
    this.tally = tally;
    this.entry = entry;
  }

  private int state() throws IOException {
    return TcpInfo.state(Kernel.info(fd));
  }

  void give(SocketSnapshot look) throws IOException {
    int state = state();
    entry.connecting = state == TcpInfo.SYN_SENT;
    entry.waiting = true; // also when what follows fails: the next look tries again
    if (state == TcpInfo.LISTEN) {
      giveToListener();
      entry.waiting = false;
    } else if (entry.connecting) {
      // Its remote end is not told before it is connected, so rules must wait until then.
      if (now.isEmpty()) {
        keeper.table().redecide(socket.number(), Role.CLIENT, Rules.NO_RULE);
        give(now.otherwise());
        entry.waiting = false;
      } else {
        tally.connecting++;
      }
    } else if (state != TcpInfo.CLOSE) {
      ConnectionInfo peer = ConnectionInfo.of(socket, keeper, now, look);
      keeper.table().redecide(socket.number(), peer.role(), peer.decision());
      give(now.policy(peer.decision()));
      entry.waiting = false;
    }
  }

  private void give(Policy policy) throws IOException {
    if (count(policy, entry.before)) {
      Applier.apply(fd, policy, own(policy, entry.before));
    }
  }

  /** Returns what the application, or a library, has set and keeps, as bits of {@link Options}. */
  private int own(Policy policy, KeepaliveValues carried) {
    return carried.own(policy, keeper.conflict(), keeper.ownChoices().unset());
  }

  /** Counts a connection; returns whether it lacks something that it shall get. */
  private boolean count(Policy policy, KeepaliveValues carried) {
    if (!policy.keepalive()) {
      tally.offByRule++;
      return false;
    }
    if (carried.matches(policy, 0)) {
      tally.same++;
      return false;
    }
    if (carried.matches(policy, own(policy, carried))) {
      tally.ownChoice++;
      return false;
    }
    tally.given++;
    return true;
  }

  private void giveToListener() throws IOException {
    Policy policy = OpenConnections.ofListener(now, Kernel.local(fd));
    if (policy.keepalive()) {
      int own = own(policy, entry.before);
      // First: what it accepts is turned off again where a rule says so.
      keeper.listenersCarry(!entry.before.keepalive());
      entry.before.restore(fd, own); // earlier settings may have replaced it
      Applier.apply(fd, policy, own);
      tally.listeners += (own & Options.ALL) == Options.ALL ? 0 : 1;
    }
  }

  void preview(SocketSnapshot look) throws IOException {
    int state = state();
    if (state == TcpInfo.LISTEN) {
      Policy policy = OpenConnections.ofListener(now, Kernel.local(fd));
      tally.listeners += policy.keepalive() ? 1 : 0;
    } else if (state == TcpInfo.SYN_SENT) {
      tally.connecting++;
    } else if (state != TcpInfo.CLOSE) {
      ConnectionInfo peer = ConnectionInfo.of(socket, keeper, now, look);
      if (count(now.policy(peer.decision()), KeepaliveValues.of(fd))) {
        tally.would.add(peer);
      }
    }
  }

  /**
   * @param choice what the application has set itself, or null
   */
  void change(SocketSnapshot look, Rules rulesBefore, ApplicationOptions choice)
      throws IOException {
    int state = state();
    if (state == TcpInfo.LISTEN) {
      changeListener();
      return;
    }
    if (state == TcpInfo.CLOSE || state == TcpInfo.SYN_SENT) {
      return; // connect has set the options it had then, or give() waits for it
    }
    ConnectionInfo peer = ConnectionInfo.of(socket, keeper, now, look);
    Policy policy = now.policy(peer.decision());
    int own = 0;
    if (choice != null && policy.keepalive() && keeper.conflict() == Conflict.TIGHTEN) {
      policy = choice.tighter(policy, keeper.ownChoices().unset());
    } else if (choice != null && keeper.conflict() == Conflict.RESPECT) {
      own = choice.bits() & Options.ALL;
    }
    Policy old = rulesBefore.policy(peer.decide(rulesBefore));
    keeper.table().redecide(socket.number(), peer.role(), peer.decision());
    boolean chosen = choice != null && (choice.bits() & Options.ALL) != 0;
    int before = entry == null || chosen ? 0 : own(policy, entry.before);
    if (policy.keepalive() && before != 0) {
      own |= before;
      entry.before.restore(fd, before); // earlier settings may have replaced it
    }
    if (policy.keepalive() && before != 0 && entry.before.matches(policy, own)) {
      Applier.apply(fd, policy, own);
      tally.ownChoice++;
    } else if (policy.keepalive()) {
      boolean clear = old.userTimeout() > 0 && policy.userTimeout() == 0;
      boolean same = KeepaliveValues.of(fd).matches(policy, 0) && !clear;
      Applier.apply(fd, policy, own);
      clearUserTimeout(clear && (own & Options.USER_TIMEOUT) == 0);
      tally.same += same ? 1 : 0;
      tally.given += same ? 0 : 1;
    } else if (old.keepalive() && (own & Options.KEEPALIVE) == 0) {
      turnOff(entry == null ? null : entry.before, old.userTimeout() > 0);
    } else {
      tally.offByRule++;
    }
  }

  /**
   * @param before what it had, if that is known; else null, and only keepalive goes, and a user
   *     timeout that is ours
   */
  private void turnOff(KeepaliveValues before, boolean userTimeoutIsOurs) throws IOException {
    if (before != null) {
      before.restore(fd);
    } else {
      Kernel.keepAlive(fd, false);
      clearUserTimeout(userTimeoutIsOurs);
    }
    tally.turnedOff++;
  }

  private void clearUserTimeout(boolean ours) throws IOException {
    if (ours && Kernel.numbers().hasUserTimeout()) {
      Kernel.userTimeout(fd, 0);
    }
  }

  private void changeListener() throws IOException {
    if (entry == null) {
      return; // opened since: the hook on accept sees to what it accepts
    }
    if (OpenConnections.ofListener(now, Kernel.local(fd)).keepalive()) {
      giveToListener();
    } else {
      entry.before.restore(fd);
    }
  }

  void release(SocketSnapshot look, boolean restore, boolean wanted) throws IOException {
    int state = state();
    if (state == TcpInfo.LISTEN) {
      if (entry != null) {
        entry.before.restore(fd);
      }
      return;
    }
    if (state == TcpInfo.CLOSE || !Kernel.keepAlive(fd)) {
      return;
    }
    if (entry != null && entry.before.keepalive()) {
      if (restore) {
        entry.before.restore(fd);
      }
      return; // had keepalive before us
    }
    if (wanted || !policy(look, state).keepalive()) {
      return;
    }
    if (!restore) {
      tally.kept++;
      return;
    }
    turnOff(entry == null ? null : entry.before, true);
  }

  private Policy policy(SocketSnapshot look, int state) throws IOException {
    return state == TcpInfo.SYN_SENT
        ? now.otherwise()
        : now.policy(ConnectionInfo.of(socket, keeper, now, look).decision());
  }

  /**
   * Takes back what a connection that was not looked at has from a hook, or from a listener of ours
   * that accepted it when there was no hook. An entry in the table is no proof of the first: its
   * number may be that of another connection by now, whose options are the application's.
   *
   * @param listener what the listener of its port had before us, or null
   * @param own as in {@link Applier#apply}
   */
  void takeBackUnseen(SocketSnapshot look, KeepaliveValues listener, int own) throws IOException {
    int state = state();
    if (state == TcpInfo.CLOSE) {
      return;
    }
    boolean inherited =
        listener != null && carries(OpenConnections.ofListener(now, Kernel.local(fd)), own);
    if (!inherited
        && (keeper.table().role(socket.number()) == null || !carries(policy(look, state), own))) {
      return;
    }
    turnOff((own & Options.ALL) == 0 ? listener : null, true);
  }

  private boolean carries(Policy policy, int own) throws IOException {
    return policy.keepalive()
        && Kernel.keepAlive(fd)
        && Applier.difference(fd, policy, own) == null;
  }
}
