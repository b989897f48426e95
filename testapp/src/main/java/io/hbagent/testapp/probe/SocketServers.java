package io.hbagent.testapp.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import javax.net.ServerSocketFactory;

/**
 * {@code java.net.ServerSocket}, accepting: its constructors, with and without time-out, and
 * subclasses.
 */
final class SocketServers {
  /** A server that creates the accepted socket itself, as RMI and some application servers do. */
  private static final class OwnAccept extends ServerSocket {
    private final boolean subclass;

    OwnAccept(InetAddress address, boolean subclass) throws IOException {
      super(0, 5, address);
      this.subclass = subclass;
    }

    @Override
    public Socket accept() throws IOException {
      Socket socket = subclass ? new Socket() {} : new Socket();
      implAccept(socket);
      return socket;
    }
  }

  private SocketServers() {}

  static void add(Map<String, Scenario> into) {
    put(into, "serversocket-port", s -> new ServerSocket(0));
    put(into, "serversocket-port-backlog", s -> new ServerSocket(0, 5));
    put(into, "serversocket-accept", s -> new ServerSocket(0, 5, s.loopback()));
    put(
        into,
        "serversocket-accept-timeout",
        s -> {
          ServerSocket listener = new ServerSocket(0, 5, s.loopback());
          listener.setSoTimeout(Setting.LIMIT_SECONDS * 1000);
          return listener;
        });
    put(
        into,
        "serversocket-bind",
        s -> {
          ServerSocket listener = new ServerSocket();
          listener.bind(s.anyPort());
          return listener;
        });
    put(
        into,
        "serversocket-factory",
        s -> ServerSocketFactory.getDefault().createServerSocket(0, 5, s.loopback()));
    put(into, "serversocket-implaccept", s -> new OwnAccept(s.loopback(), false));
    put(into, "serversocket-implaccept-subclass", s -> new OwnAccept(s.loopback(), true));
    into.put(
        "serversocket-pending",
        setting -> {
          try (ServerSocket listener = new ServerSocket(0, 5, setting.loopback())) {
            Caller peer = new Caller(setting, listener.getLocalSocketAddress()).connected();
            take(setting, listener);
            peer.end();
          }
        });
  }

  /** Opens a listener. */
  private interface Opener {
    ServerSocket open(Setting setting) throws Exception;
  }

  private static void put(Map<String, Scenario> into, String name, Opener opener) {
    into.put(
        name,
        setting -> {
          try (ServerSocket listener = opener.open(setting)) {
            Caller peer =
                new Caller(
                    setting, new InetSocketAddress(setting.loopback(), listener.getLocalPort()));
            take(setting, listener);
            peer.end();
          }
        });
  }

  static void take(Setting setting, ServerSocket listener) throws IOException {
    try (Socket socket = listener.accept()) {
      setting.server(socket);
      Echo.answer(socket);
    }
  }
}
