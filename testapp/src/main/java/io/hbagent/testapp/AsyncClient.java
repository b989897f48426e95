package io.hbagent.testapp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;

/** An {@link AsynchronousSocketChannel} and its futures. */
@Command(
    name = "client",
    description = "Sends messages to an echo server through an AsynchronousSocketChannel.")
public final class AsyncClient extends Client {
  @Override
  Link connect(InetSocketAddress address) throws IOException {
    AsynchronousSocketChannel channel = AsynchronousSocketChannel.open();
    try {
      await(channel.connect(address));
      return new AsyncLink(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static <T> T await(Future<T> future) throws IOException {
    try {
      return await(future, Long.MAX_VALUE);
    } catch (TimeoutException e) {
      throw new IOException(e);
    }
  }

  private static <T> T await(Future<T> future, long millis) throws IOException, TimeoutException {
    try {
      return future.get(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    } catch (ExecutionException e) {
      throw new IOException(Failure.text(e.getCause()), e.getCause());
    }
  }

  private static final class AsyncLink extends StreamLink {
    private final AsynchronousSocketChannel channel;
    private final ByteBuffer received = ByteBuffer.allocate(8192);

    /** The read under way; it outlives a time limit, because a channel allows only one. */
    private Future<Integer> reading;

    AsyncLink(AsynchronousSocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public String local() throws IOException {
      return Endpoint.text(channel.getLocalAddress());
    }

    @Override
    public String remote() throws IOException {
      return Endpoint.text(channel.getRemoteAddress());
    }

    @Override
    void write(byte[] bytes) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        await(channel.write(buffer));
      }
    }

    @Override
    int read(byte[] into, long millis) throws IOException {
      if (reading == null) {
        received.clear().limit(into.length);
        reading = channel.read(received);
      }
      int n;
      try {
        n = await(reading, millis == 0 ? Long.MAX_VALUE : millis);
      } catch (TimeoutException e) {
        return 0;
      }
      reading = null;
      received.flip();
      received.get(into, 0, received.remaining());
      return n;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
