package io.hbagent.testapp.probe;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Applications that set keepalive themselves: each call they can make, before connecting, after it,
 * and after accepting. Named {@code conflict-KIND-before|after-CALL}; the one line reported is the
 * end that made the call, right after it.
 */
final class Conflicts {
  /** A way to connect. */
  private interface Client {
    AutoCloseable open() throws Exception;
  }

  /** A way to accept a connection. */
  private interface Server {
    void accept(Setting setting, String call) throws Exception;
  }

  private Conflicts() {}

  static void add(Map<String, Scenario> into) {
    client(into, "socket", Socket::new);
    client(into, "channel", SocketChannel::open);
    client(into, "channel-socket", () -> SocketChannel.open().socket());
    client(into, "async", AsynchronousSocketChannel::open);
    if (System.getProperty("probe.keystore") != null) {
      client(into, "tls", () -> new Socket());
    }
    server(into, "serversocket", true, Conflicts::acceptSocket);
    server(into, "serverchannel", false, Conflicts::acceptChannel);
    server(into, "serverchannel-socket", true, Conflicts::acceptAdaptor);
    server(into, "asyncserver", false, Conflicts::acceptAsync);
  }

  private static void client(Map<String, Scenario> into, String kind, Client client) {
    boolean isSocket = !kind.equals("channel") && !kind.equals("async");
    for (String call : Calls.possible(isSocket)) {
      if (!kind.equals("tls")) {
        into.put(
            "conflict-" + kind + "-before-" + call, setting -> connect(setting, client, call, ""));
      }
      into.put(
          "conflict-" + kind + "-after-" + call, setting -> connect(setting, client, "", call));
    }
  }

  private static void server(
      Map<String, Scenario> into, String kind, boolean isSocket, Server server) {
    for (String call : Calls.possible(isSocket)) {
      into.put("conflict-" + kind + "-after-" + call, setting -> server.accept(setting, call));
    }
  }

  private static void connect(Setting setting, Client client, String before, String after)
      throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 5, setting.loopback());
        AutoCloseable opened = client.open()) {
      Calls.make(before, opened);
      InetSocketAddress peer = (InetSocketAddress) listener.getLocalSocketAddress();
      AutoCloseable held = opened;
      if (opened instanceof SocketChannel) {
        ((SocketChannel) opened).connect(peer);
      } else if (opened instanceof AsynchronousSocketChannel) {
        ((AsynchronousSocketChannel) opened)
            .connect(peer)
            .get(Setting.LIMIT_SECONDS, TimeUnit.SECONDS);
      } else {
        ((Socket) opened).connect(peer);
        if (setting.name.startsWith("conflict-tls-")) {
          held = Tls.layered(Tls.context().getSocketFactory(), (Socket) opened);
        }
      }
      Calls.make(after, held);
      setting.report("client", localPort(opened), peer.getPort());
    }
  }

  private static int localPort(AutoCloseable connected) throws Exception {
    if (connected instanceof SocketChannel) {
      return Setting.port(((SocketChannel) connected).getLocalAddress());
    }
    if (connected instanceof AsynchronousSocketChannel) {
      return Setting.port(((AsynchronousSocketChannel) connected).getLocalAddress());
    }
    return ((Socket) connected).getLocalPort();
  }

  private static void acceptSocket(Setting setting, String call) throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 5, setting.loopback());
        Socket peer = new Socket(setting.loopback(), listener.getLocalPort());
        Socket accepted = listener.accept()) {
      Calls.make(call, accepted);
      setting.report("server", accepted.getLocalPort(), peer.getLocalPort());
    }
  }

  private static void acceptChannel(Setting setting, String call) throws Exception {
    try (ServerSocketChannel listener = ServerSocketChannel.open().bind(setting.anyPort());
        SocketChannel peer = SocketChannel.open(listener.getLocalAddress());
        SocketChannel accepted = listener.accept()) {
      Calls.make(call, accepted);
      setting.report(
          "server", Setting.port(listener.getLocalAddress()), Setting.port(peer.getLocalAddress()));
    }
  }

  private static void acceptAdaptor(Setting setting, String call) throws Exception {
    try (ServerSocketChannel listener = ServerSocketChannel.open().bind(setting.anyPort());
        SocketChannel peer = SocketChannel.open(listener.getLocalAddress());
        Socket accepted = listener.socket().accept()) {
      Calls.make(call, accepted);
      setting.report("server", accepted.getLocalPort(), Setting.port(peer.getLocalAddress()));
    }
  }

  private static void acceptAsync(Setting setting, String call) throws Exception {
    try (AsynchronousServerSocketChannel listener =
            AsynchronousServerSocketChannel.open().bind(setting.anyPort());
        SocketChannel peer = SocketChannel.open(listener.getLocalAddress());
        AsynchronousSocketChannel accepted =
            listener.accept().get(Setting.LIMIT_SECONDS, TimeUnit.SECONDS)) {
      Calls.make(call, accepted);
      setting.report(
          "server", Setting.port(listener.getLocalAddress()), Setting.port(peer.getLocalAddress()));
    }
  }
}
