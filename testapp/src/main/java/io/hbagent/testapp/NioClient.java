package io.hbagent.testapp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import picocli.CommandLine.Command;

/** A non-blocking {@link SocketChannel} and the {@link Selector} that waits for it. */
@Command(name = "client", description = "Sends messages to an echo server through a SocketChannel.")
public final class NioClient extends Client {
  @Override
  Link connect(InetSocketAddress address) throws IOException {
    ChannelLink link = new ChannelLink();
    try {
      link.connect(address);
      return link;
    } catch (IOException e) {
      link.close();
      throw e;
    }
  }

  private static final class ChannelLink extends StreamLink {
    private final Selector selector = Selector.open();
    private final SocketChannel channel = SocketChannel.open();

    ChannelLink() throws IOException {}

    void connect(InetSocketAddress address) throws IOException {
      channel.configureBlocking(false);
      if (!channel.connect(address)) {
        do {
          await(SelectionKey.OP_CONNECT, 0);
        } while (!channel.finishConnect());
      }
    }

    private void await(int operation, long millis) throws IOException {
      channel.register(selector, operation);
      selector.select(millis);
      selector.selectedKeys().clear();
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
        await(SelectionKey.OP_WRITE, 0);
        channel.write(buffer);
      }
    }

    @Override
    int read(byte[] into, long millis) throws IOException {
      await(SelectionKey.OP_READ, millis);
      return channel.read(ByteBuffer.wrap(into));
    }

    @Override
    public void close() throws IOException {
      channel.close();
      selector.close();
    }
  }
}
