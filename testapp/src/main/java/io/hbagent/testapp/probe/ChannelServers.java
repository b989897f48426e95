package io.hbagent.testapp.probe;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code ServerSocketChannel}, accepting: blocking, non-blocking, and through its socket() adaptor.
 */
final class ChannelServers {
  /** Accepts, reports and answers one connection. */
  private interface Taker {
    void take(Setting setting, ServerSocketChannel listener) throws Exception;
  }

  private ChannelServers() {}

  static void add(Map<String, Scenario> into) {
    put(into, "serverchannel-accept", (s, listener) -> answer(s, listener.accept()));
    put(
        into,
        "serverchannel-nonblocking-selector",
        (s, listener) -> {
          listener.configureBlocking(false);
          try (Selector selector = Selector.open()) {
            listener.register(selector, SelectionKey.OP_ACCEPT);
            if (selector.select(Setting.LIMIT_SECONDS * 1000L) == 0) {
              throw new IOException("nothing to accept");
            }
            answer(s, listener.accept());
          }
        });
    put(
        into,
        "serverchannel-nonblocking-poll",
        (s, listener) -> {
          listener.configureBlocking(false);
          SocketChannel channel = listener.accept();
          while (channel == null) {
            LockSupport.parkNanos(100_000);
            channel = listener.accept();
          }
          answer(s, channel);
        });
    put(
        into,
        "serverchannel-socket-accept",
        (s, listener) -> SocketServers.take(s, listener.socket()));
    put(
        into,
        "serverchannel-socket-accept-timeout",
        (s, listener) -> {
          listener.socket().setSoTimeout(Setting.LIMIT_SECONDS * 1000);
          SocketServers.take(s, listener.socket());
        });
    put(
        into,
        "serverchannel-socket-accept-channel",
        (s, listener) -> {
          try (Socket socket = listener.socket().accept()) {
            answer(s, socket.getChannel());
          }
        });
  }

  private static void answer(Setting setting, SocketChannel accepted) throws IOException {
    try (SocketChannel channel = accepted) {
      setting.server(channel);
      channel.configureBlocking(true);
      Echo.answer(channel);
    }
  }

  private static void put(Map<String, Scenario> into, String name, Taker taker) {
    into.put(
        name,
        setting -> {
          try (ServerSocketChannel listener = ServerSocketChannel.open().bind(setting.anyPort())) {
            Caller peer = new Caller(setting, listener.getLocalAddress());
            taker.take(setting, listener);
            peer.end();
          }
        });
  }
}
