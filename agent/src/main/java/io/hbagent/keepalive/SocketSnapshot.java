package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.OpenSocket;
import io.hbagent.tcp.OpenSockets;
import io.hbagent.tcp.RemoteAddresses;
import io.hbagent.tcp.TcpInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The TCP sockets of the process at one moment. */
final class SocketSnapshot {

  final List<OpenSocket> listeners = new ArrayList<>();

  /** Connected sockets, and those not connected yet. */
  final List<OpenSocket> others = new ArrayList<>();

  final RemoteAddresses remotes = new RemoteAddresses();
  private final Set<Integer> ports = new HashSet<>();
  private final long inherited = OpenSockets.inherited();

  SocketSnapshot() {
    for (OpenSocket socket : OpenSockets.list()) {
      try {
        if (TcpInfo.state(Kernel.info(socket.descriptor())) == TcpInfo.LISTEN) {
          listeners.add(socket);
          ports.add(Kernel.local(socket.descriptor()).getPort());
        } else {
          others.add(socket);
        }
      } catch (IOException e) {
        // closed in the meantime
      }
    }
  }

  boolean isListenerPort(int port) {
    return ports.contains(port);
  }

  /** Returns whether a connection was accepted, by this process or by the one that started it. */
  boolean isAccepted(OpenSocket socket, int localPort) {
    return ports.contains(localPort) || socket.inode() == inherited;
  }
}
