package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.OpenSocket;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The two ends of an open connection, and the decision of the rules. Immutable. */
public final class ConnectionInfo {

  private final InetSocketAddress local;
  private final InetSocketAddress remote;
  private final Role role;
  private final int decision;

  private ConnectionInfo(
      InetSocketAddress local, InetSocketAddress remote, Role role, int decision) {
    this.local = local;
    this.remote = remote;
    this.role = role;
    this.decision = decision;
  }

  /**
   * Reads both ends from the kernel, and decides by the rules.
   *
   * @throws IOException if it is not connected, or was closed
   */
  static ConnectionInfo of(
      OpenSocket socket, KeepaliveManager manager, Rules rules, SocketSnapshot snapshot)
      throws IOException {
    InetSocketAddress local = Kernel.local(socket.descriptor());
    InetSocketAddress remote = snapshot.remotes.of(socket.descriptor());
    ConnectionTable table = manager.table();
    Role role = table.isClosed(socket.number()) ? null : table.role(socket.number());
    if (role == null) {
      role = snapshot.isAccepted(socket, local.getPort()) ? Role.SERVER : Role.CLIENT;
    }
    int decision = rules.decide(role, remote.getAddress(), remote.getPort(), local);
    return new ConnectionInfo(local, remote, role, decision);
  }

  /** Returns the decision of other rules. */
  int decide(Rules rules) {
    return rules.decide(role, remote.getAddress(), remote.getPort(), local);
  }

  /** Returns the local end. */
  public InetSocketAddress local() {
    return local;
  }

  /** Returns the remote end. */
  public InetSocketAddress remote() {
    return remote;
  }

  /** Returns the role a hook saw, or else the server's if its local port has a listener. */
  public Role role() {
    return role;
  }

  /** Returns the index of the rule, or {@link Rules#NO_RULE}. */
  public int decision() {
    return decision;
  }
}
