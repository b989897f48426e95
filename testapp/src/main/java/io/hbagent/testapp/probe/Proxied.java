package io.hbagent.testapp.probe;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;

/**
 * {@code Socket} behind a proxy: the connection the application holds ends at the proxy, and the
 * socket implementation is a wrapper around the one that connects.
 */
final class Proxied {
  private Proxied() {}

  static void add(Map<String, Scenario> into) {
    put(into, "socks5-connect", ProxyServer.Kind.SOCKS5, Proxy.Type.SOCKS, 0);
    put(into, "socks5-connect-timeout", ProxyServer.Kind.SOCKS5, Proxy.Type.SOCKS, 10_000);
    put(into, "socks4-connect", ProxyServer.Kind.SOCKS4, Proxy.Type.SOCKS, 0);
    put(into, "http-proxy-connect", ProxyServer.Kind.HTTP, Proxy.Type.HTTP, 0);
  }

  private static void put(
      Map<String, Scenario> into,
      String name,
      ProxyServer.Kind kind,
      Proxy.Type type,
      int timeoutMillis) {
    into.put(
        name,
        setting -> {
          // Only the connection to the proxy is of the family asked for: SOCKS 4 has no IPv6, and
          // CONNECT to an IPv6 address fails in JDK 8 and 11.
          InetAddress destination =
              kind == ProxyServer.Kind.SOCKS5 ? setting.loopback() : Setting.loopback(4);
          try (Echo peer = new Echo(setting, () -> new ServerSocket(0, 5, destination));
              ProxyServer server = new ProxyServer(setting, kind, peer.address());
              Socket socket =
                  SocketClients.connected(
                      new Socket(new Proxy(type, server.address())),
                      new InetSocketAddress(destination, peer.port()),
                      timeoutMillis)) {
            setting.report("client", socket.getLocalPort(), server.address().getPort());
            Echo.talk(socket);
          }
        });
  }
}
