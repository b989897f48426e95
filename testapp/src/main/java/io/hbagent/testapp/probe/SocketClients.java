package io.hbagent.testapp.probe;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.util.Map;
import javax.net.SocketFactory;

/**
 * {@code java.net.Socket}, connecting: every public constructor, connect with and without time-out.
 */
final class SocketClients {
  /** Opens a connected socket. */
  interface Opener {
    Socket open(Setting setting, InetSocketAddress peer) throws Exception;
  }

  private static final int TIMEOUT_MILLIS = Setting.LIMIT_SECONDS * 1000;

  private SocketClients() {}

  @SuppressWarnings("deprecation") // the constructors that take a boolean are API too
  static void add(Map<String, Scenario> into) {
    put(into, "socket-host-port", (s, peer) -> new Socket(peer.getHostString(), peer.getPort()));
    put(into, "socket-address-port", (s, peer) -> new Socket(peer.getAddress(), peer.getPort()));
    put(
        into,
        "socket-host-port-local",
        (s, peer) -> new Socket(peer.getHostString(), peer.getPort(), s.loopback(), 0));
    put(
        into,
        "socket-address-port-local",
        (s, peer) -> new Socket(peer.getAddress(), peer.getPort(), s.loopback(), 0));
    put(
        into,
        "socket-host-port-stream",
        (s, peer) -> new Socket(peer.getHostString(), peer.getPort(), true));
    put(
        into,
        "socket-address-port-stream",
        (s, peer) -> new Socket(peer.getAddress(), peer.getPort(), true));
    put(into, "socket-connect", (s, peer) -> connected(new Socket(), peer, 0));
    put(into, "socket-connect-timeout", (s, peer) -> connected(new Socket(), peer, TIMEOUT_MILLIS));
    put(
        into,
        "socket-connect-bound",
        (s, peer) -> {
          Socket socket = new Socket();
          socket.bind(s.anyPort());
          return connected(socket, peer, 0);
        });
    put(into, "socket-no-proxy", (s, peer) -> connected(new Socket(Proxy.NO_PROXY), peer, 0));
    put(into, "socket-subclass", (s, peer) -> connected(new Socket() {}, peer, TIMEOUT_MILLIS));
    put(
        into,
        "socket-factory",
        (s, peer) -> SocketFactory.getDefault().createSocket(peer.getAddress(), peer.getPort()));
  }

  static Socket connected(Socket socket, InetSocketAddress peer, int timeoutMillis)
      throws Exception {
    if (timeoutMillis == 0) {
      socket.connect(peer);
    } else {
      socket.connect(peer, timeoutMillis);
    }
    return socket;
  }

  private static void put(Map<String, Scenario> into, String name, Opener opener) {
    into.put(
        name,
        setting -> {
          try (Echo peer = new Echo(setting);
              Socket socket = opener.open(setting, peer.address())) {
            setting.client(socket);
            Echo.talk(socket);
          }
        });
  }
}
