package io.hbagent.testapp.probe;

import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** {@code AsynchronousSocketChannel}: by future, by handler, and in a group of its own. */
final class AsyncClients {
  private AsyncClients() {}

  static void add(Map<String, Scenario> into) {
    into.put(
        "async-connect-future",
        setting -> {
          try (Echo peer = new Echo(setting);
              AsynchronousSocketChannel channel = AsynchronousSocketChannel.open()) {
            channel.connect(peer.address()).get(Setting.LIMIT_SECONDS, TimeUnit.SECONDS);
            setting.client(channel);
            Echo.talk(channel);
          }
        });
    into.put(
        "async-connect-handler",
        setting -> {
          try (Echo peer = new Echo(setting);
              AsynchronousSocketChannel channel = AsynchronousSocketChannel.open()) {
            handled(setting, channel, peer.address());
          }
        });
    into.put(
        "async-connect-group",
        setting -> {
          AsynchronousChannelGroup group =
              AsynchronousChannelGroup.withFixedThreadPool(1, Executors.defaultThreadFactory());
          try (Echo peer = new Echo(setting);
              AsynchronousSocketChannel channel = AsynchronousSocketChannel.open(group)) {
            handled(setting, channel, peer.address());
          } finally {
            group.shutdownNow();
          }
        });
  }

  private static void handled(
      Setting setting, AsynchronousSocketChannel channel, InetSocketAddress peer) throws Exception {
    Handler<Void> handler = new Handler<>(nothing -> setting.client(channel));
    channel.connect(peer, null, handler);
    handler.await();
    Echo.talk(channel);
  }

  /** Reports on the thread that completes, as soon as it does. */
  static final class Handler<T> implements CompletionHandler<T, Void> {
    /** The use of the result. */
    interface Reporter<T> {
      void report(T result) throws Exception;
    }

    private final CompletableFuture<T> done = new CompletableFuture<>();
    private final Reporter<T> reporter;

    Handler(Reporter<T> reporter) {
      this.reporter = reporter;
    }

    @Override
    public void completed(T result, Void attachment) {
      try {
        reporter.report(result);
        done.complete(result);
      } catch (Exception e) {
        done.completeExceptionally(e);
      }
    }

    @Override
    public void failed(Throwable failure, Void attachment) {
      done.completeExceptionally(failure);
    }

    T await() throws Exception {
      return done.get(Setting.LIMIT_SECONDS, TimeUnit.SECONDS);
    }
  }
}
