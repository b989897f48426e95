package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.OpenSocket;
import io.hbagent.tcp.OpenSockets;
import io.hbagent.tcp.RemoteAddresses;
import io.hbagent.tcp.TcpInfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The TCP sockets of the process at one moment, with what takes all of them to answer: which ports
 * have a listener, so that a connection with such a local port was accepted, and the remote ends.
 */
final class SocketSnapshot {

  final List<OpenSocket> sockets = OpenSockets.list();
  private final Set<Integer> ports = new HashSet<>();
  private final Set<OpenSocket> listeners = new HashSet<>();
  private final Set<OpenSocket> connected = new HashSet<>();
  private final long inherited = OpenSockets.inherited();
  final RemoteAddresses remotes = new RemoteAddresses();

  SocketSnapshot() {
    for (OpenSocket socket : sockets) {
      try {
        int info = Kernel.info(socket.descriptor());
        if (TcpInfo.state(info) == TcpInfo.LISTEN) {
          listeners.add(socket);
          ports.add(Kernel.local(socket.descriptor()).getPort());
        } else if (TcpInfo.isConnected(info)) {
          connected.add(socket);
        }
      } catch (IOException e) {
        // closed in the meantime
      }
    }
  }

  boolean isListener(OpenSocket socket) {
    return listeners.contains(socket);
  }

  boolean isConnected(OpenSocket socket) {
    return connected.contains(socket);
  }

  /** Returns whether a connection was accepted, by this process or by the one that started it. */
  boolean isAccepted(OpenSocket socket, int localPort) {
    return ports.contains(localPort) || socket.inode() == inherited;
  }

  InetSocketAddress remote(OpenSocket socket) throws IOException {
    return remotes.of(socket.descriptor());
  }
}
