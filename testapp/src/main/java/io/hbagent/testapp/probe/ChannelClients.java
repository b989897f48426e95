package io.hbagent.testapp.probe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** {@code SocketChannel}, connecting: blocking, non-blocking, and through its socket() adaptor. */
final class ChannelClients {
  /** Opens a connected channel. */
  interface Opener {
    SocketChannel open(InetSocketAddress peer) throws Exception;
  }

  private ChannelClients() {}

  static void add(Map<String, Scenario> into) {
    put(into, "channel-open-address", SocketChannel::open);
    put(
        into,
        "channel-connect",
        peer -> {
          SocketChannel channel = SocketChannel.open();
          channel.connect(peer);
          return channel;
        });
    put(into, "channel-nonblocking-selector", ChannelClients::selected);
    put(
        into,
        "channel-nonblocking-poll",
        peer -> {
          SocketChannel channel = SocketChannel.open();
          channel.configureBlocking(false);
          boolean done = channel.connect(peer);
          while (!done) {
            LockSupport.parkNanos(100_000);
            done = channel.finishConnect();
          }
          return channel;
        });
    put(
        into,
        "channel-finish-blocking",
        peer -> {
          SocketChannel channel = SocketChannel.open();
          channel.configureBlocking(false);
          boolean done = channel.connect(peer);
          channel.configureBlocking(true);
          if (!done && !channel.finishConnect()) {
            throw new IOException("a blocking finishConnect returned false");
          }
          return channel;
        });
    put(
        into,
        "channel-socket-connect",
        peer -> {
          SocketChannel channel = SocketChannel.open();
          channel.socket().connect(peer);
          return channel;
        });
    put(
        into,
        "channel-socket-connect-timeout",
        peer -> {
          SocketChannel channel = SocketChannel.open();
          channel.socket().connect(peer, Setting.LIMIT_SECONDS * 1000);
          return channel;
        });
  }

  private static SocketChannel selected(InetSocketAddress peer) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    if (!channel.connect(peer)) {
      try (Selector selector = Selector.open()) {
        channel.register(selector, SelectionKey.OP_CONNECT);
        if (selector.select(Setting.LIMIT_SECONDS * 1000L) == 0 || !channel.finishConnect()) {
          throw new IOException("not connected");
        }
      }
    }
    return channel;
  }

  private static void put(Map<String, Scenario> into, String name, Opener opener) {
    into.put(
        name,
        setting -> {
          try (Echo peer = new Echo(setting);
              SocketChannel channel = opener.open(peer.address())) {
            setting.client(channel);
            channel.configureBlocking(true);
            Echo.talk(channel);
          }
        });
  }
}
