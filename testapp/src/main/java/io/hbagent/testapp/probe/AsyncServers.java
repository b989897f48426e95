package io.hbagent.testapp.probe;

import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * {@code AsynchronousServerSocketChannel}: by future and by handler, each asked before the
 * connection comes (the group's thread accepts) and after (the asking thread accepts): two ways
 * through the JDK.
 */
final class AsyncServers {
  private AsyncServers() {}

  static void add(Map<String, Scenario> into) {
    put(into, "asyncserver-future-waiting", false, false);
    put(into, "asyncserver-future-pending", false, true);
    put(into, "asyncserver-handler-waiting", true, false);
    put(into, "asyncserver-handler-pending", true, true);
  }

  private static void put(
      Map<String, Scenario> into, String name, boolean handler, boolean pending) {
    into.put(
        name,
        setting -> {
          try (AsynchronousServerSocketChannel listener =
              AsynchronousServerSocketChannel.open().bind(setting.anyPort())) {
            accept(setting, listener, handler, pending);
          }
        });
  }

  private static void accept(
      Setting setting, AsynchronousServerSocketChannel listener, boolean handler, boolean pending)
      throws Exception {
    Caller peer = pending ? new Caller(setting, listener.getLocalAddress()).connected() : null;
    AsyncClients.Handler<AsynchronousSocketChannel> handled =
        new AsyncClients.Handler<>(setting::server);
    Future<AsynchronousSocketChannel> future = null;
    if (handler) {
      listener.accept(null, handled);
    } else {
      future = listener.accept();
    }
    if (peer == null) {
      peer = new Caller(setting, listener.getLocalAddress());
    }
    try (AsynchronousSocketChannel channel =
        handler ? handled.await() : future.get(Setting.LIMIT_SECONDS, TimeUnit.SECONDS)) {
      if (!handler) {
        setting.server(channel);
      }
      answer(channel);
    }
    peer.end();
  }

  static void answer(AsynchronousSocketChannel channel) throws Exception {
    ByteBuffer one = ByteBuffer.allocate(1);
    while (channel.read(one).get(Setting.LIMIT_SECONDS, TimeUnit.SECONDS) >= 0) {
      one.flip();
      channel.write(one).get(Setting.LIMIT_SECONDS, TimeUnit.SECONDS);
      one.clear();
    }
  }
}
