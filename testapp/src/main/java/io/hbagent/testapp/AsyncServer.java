package io.hbagent.testapp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;

/** An {@link AsynchronousServerSocketChannel}; everything happens in completion handlers. */
@Command(name = "server", description = "Sends back what it receives, from completion handlers.")
public final class AsyncServer extends Server {
  private final Set<AsynchronousSocketChannel> connections = ConcurrentHashMap.newKeySet();
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile IOException reason;
  private AsynchronousServerSocketChannel listener;

  @Override
  SocketAddress listen(InetSocketAddress address) throws IOException {
    listener = AsynchronousServerSocketChannel.open().bind(address);
    return listener.getLocalAddress();
  }

  @Override
  void serve() throws IOException {
    listener.accept(null, new Acceptor());
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (reason != null) {
      throw reason;
    }
  }

  @Override
  void stop() throws IOException {
    listener.close();
    for (AsynchronousSocketChannel connection : connections) {
      connection.close();
    }
    end.countDown();
  }

  private final class Acceptor implements CompletionHandler<AsynchronousSocketChannel, Void> {
    @Override
    public void completed(AsynchronousSocketChannel connection, Void nothing) {
      listener.accept(null, this);
      connections.add(connection);
      try {
        SocketAddress remote = connection.getRemoteAddress();
        accepted(remote);
        Peer peer = new Peer(connection, remote);
        connection.read(peer.buffer, true, peer);
      } catch (IOException e) {
        connections.remove(connection); // closed by stop()
      }
    }

    @Override
    public void failed(Throwable e, Void nothing) {
      reason = new IOException(Failure.text(e), e);
      end.countDown();
    }
  }

  /** Reads and writes in turn; the attachment says whether what completed was a read. */
  private final class Peer implements CompletionHandler<Integer, Boolean> {
    private final AsynchronousSocketChannel connection;
    private final SocketAddress remote;
    private final ByteBuffer buffer = ByteBuffer.allocate(8192);

    Peer(AsynchronousSocketChannel connection, SocketAddress remote) {
      this.connection = connection;
      this.remote = remote;
    }

    @Override
    public void completed(Integer n, Boolean read) {
      if (n < 0) {
        ended(remote);
        close();
        return;
      }
      if (read) {
        buffer.flip();
      }
      if (buffer.hasRemaining()) {
        connection.write(buffer, false, this);
      } else {
        buffer.clear();
        connection.read(buffer, true, this);
      }
    }

    @Override
    public void failed(Throwable e, Boolean read) {
      died(remote, e);
      close();
    }

    private void close() {
      connections.remove(connection);
      try {
        connection.close();
      } catch (IOException e) {
        died(remote, e);
      }
    }
  }
}
