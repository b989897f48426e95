package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.OpenSocket;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The two ends of an open connection, and what the rules say about it. Immutable. */
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
   * @throws IOException if it is not connected, or closed by now
   */
  static ConnectionInfo of(
      OpenSocket socket, KeepaliveManager keeper, Rules rules, SocketSnapshot look)
      throws IOException {
    InetSocketAddress local = Kernel.local(socket.descriptor());
    InetSocketAddress remote = look.remote(socket);
    ConnectionTable table = keeper.table();
    Role role = table.isClosed(socket.number()) ? null : table.role(socket.number());
    if (role == null) {
      role = look.isAccepted(socket, local.getPort()) ? Role.SERVER : Role.CLIENT;
    }
    int decision = rules.decide(role, remote.getAddress(), remote.getPort(), local);
    return new ConnectionInfo(local, remote, role, decision);
  }

  /** What other rules say about it. */
  int decide(Rules rules) {
    return rules.decide(role, remote.getAddress(), remote.getPort(), local);
  }

  /** The local end. */
  public InetSocketAddress local() {
    return local;
  }

  /** The remote end. */
  public InetSocketAddress remote() {
    return remote;
  }

  /** Returns what a hook saw, or else whether there is a listener on its local port. */
  public Role role() {
    return role;
  }

  /** The index of the rule, or {@link Rules#NO_RULE}. */
  public int decision() {
    return decision;
  }
}
