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
 * One look at the sockets of the process, and what is asked about them together: who listens (a
 * connection with such a local port was accepted), and the remote ends.
 */
final class SocketSnapshot {

  final List<OpenSocket> sockets = OpenSockets.list();
  private final Set<Integer> ports = new HashSet<>();
  private final Set<OpenSocket> listeners = new HashSet<>();
  private final RemoteAddresses remotes = new RemoteAddresses();

  SocketSnapshot() {
    for (OpenSocket socket : sockets) {
      try {
        if (TcpInfo.state(Kernel.info(socket.descriptor())) == TcpInfo.LISTEN) {
          listeners.add(socket);
          ports.add(Kernel.local(socket.descriptor()).getPort());
        }
      } catch (IOException e) {
        // closed meanwhile
      }
    }
  }

  boolean isListener(OpenSocket socket) {
    return listeners.contains(socket);
  }

  boolean listensOn(int port) {
    return ports.contains(port);
  }

  InetSocketAddress remote(OpenSocket socket) throws IOException {
    return remotes.of(socket.descriptor());
  }
}
