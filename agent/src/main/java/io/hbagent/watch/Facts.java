package io.hbagent.watch;

import io.hbagent.keepalive.ConnectionTable;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Rule;
import io.hbagent.keepalive.Rules;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.RemoteAddresses;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Who a connection is: learned while it is connected, because a socket the kernel has dropped does
 * not tell its ends any more. On the watchdog's thread.
 */
final class Facts {

  private final ConnectionTable table;
  private final LocalAddresses localAddresses = new LocalAddresses();

  private RemoteAddresses remotes;

  Facts(ConnectionTable table) {
    this.table = table;
  }

  /** A round begins: what /proc said in the one before is old. */
  void forget() {
    remotes = null;
  }

  private InetSocketAddress remote(FileDescriptor fd) throws IOException {
    if (remotes == null) {
      remotes = new RemoteAddresses();
    }
    return remotes.of(fd);
  }

  /** Asks the kernel for both ends, once a connection; a few hundred bytes of garbage. */
  void learn(int[] s, int at, FileDescriptor fd) throws IOException {
    note(s, at, Kernel.local(fd), remote(fd));
  }

  /** The ports come last: with them it is known, and until then there may be no memory for it. */
  void note(int[] s, int at, InetSocketAddress local, InetSocketAddress remote) {
    s[at + Slots.LOCAL] = localAddresses.index(local.getAddress());
    Slots.remote(s, at, remote.getAddress());
    s[at + Slots.PORTS] = local.getPort() << 16 | remote.getPort();
  }

  /**
   * Whether the number still is the connection that was learned. A native library can close it and
   * get the number again between two looks, and no hook tells.
   */
  boolean isStill(int[] s, int at, FileDescriptor fd) {
    try {
      return s[at + Slots.PORTS] == (Kernel.local(fd).getPort() << 16 | remote(fd).getPort());
    } catch (IOException e) {
      return true; // dropped meanwhile: the next look will see that
    }
  }

  /** All there is to say of it; the descriptor is open. */
  Connection of(int number, int[] s, int at, Rules rules, FileDescriptor fd) {
    int ports = s[at + Slots.PORTS];
    int decision = table.decision(number);
    List<Rule> list = rules.list();
    return new Connection(
        number,
        Connection.text(localAddresses.get(s[at + Slots.LOCAL]), ports >>> 16),
        Connection.text(remote(s, at), ports & 0xFFFF),
        table.role(number),
        decision >= 0 && decision < list.size() ? list.get(decision).name() : null,
        inForce(s[at + Slots.FLAGS], fd, rules.policy(decision)),
        table.openedAt(number),
        table.openedBy(number));
  }

  private static InetAddress remote(int[] s, int at) {
    try {
      return InetAddress.getByAddress(Slots.remote(s, at));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // only for a wrong length
    }
  }

  /**
   * What the kernel really has on it, also when it has dropped the connection: an application may
   * have been respected, and a native library was never asked.
   *
   * @param policy of the rule
   */
  static Policy inForce(int flags, FileDescriptor fd, Policy policy) {
    try {
      int userTimeout = Kernel.userTimeout(fd);
      if (policy.adaptive() && (flags & (Detector.TIMEOUT_SET | Detector.TIMEOUT_FOREIGN)) == 0) {
        userTimeout = Policy.ADAPTIVE; // what will be set
      }
      return new Policy(
          Kernel.keepAlive(fd), Kernel.idle(fd), Kernel.intvl(fd), Kernel.cnt(fd), userTimeout);
    } catch (IOException e) {
      return policy;
    }
  }
}
