package io.hbagent.testapp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import picocli.CommandLine.Command;

/** One thread and one {@link Selector} for all connections. */
@Command(name = "server", description = "Sends back what it receives, one thread for all.")
public final class NioServer extends Server {
  private Selector selector;
  private ServerSocketChannel listener;

  @Override
  SocketAddress listen(InetSocketAddress address) throws IOException {
    selector = Selector.open();
    listener = ServerSocketChannel.open().bind(address);
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
    return listener.getLocalAddress();
  }

  @Override
  void serve() throws IOException {
    while (listener.isOpen()) {
      selector.select();
      for (SelectionKey key : selector.selectedKeys()) {
        if (key.isValid() && key.channel() == listener) {
          accept();
        } else if (key.isValid()) {
          echo(key);
        }
      }
      selector.selectedKeys().clear();
    }
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private void accept() throws IOException {
    SocketChannel connection = listener.accept();
    if (connection != null) {
      connection.configureBlocking(false);
      connection.register(selector, SelectionKey.OP_READ, new Peer(connection.getRemoteAddress()));
      accepted(connection.getRemoteAddress());
    }
  }

  private void echo(SelectionKey key) throws IOException {
    SocketChannel connection = (SocketChannel) key.channel();
    Peer peer = (Peer) key.attachment();
    try {
      if (key.isReadable() && connection.read(peer.buffer) < 0) {
        connection.close();
        ended(peer.address);
        return;
      }
      peer.buffer.flip();
      connection.write(peer.buffer);
      // A full send buffer: read nothing more until this is out.
      key.interestOps(peer.buffer.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
      peer.buffer.compact();
    } catch (IOException e) {
      connection.close();
      died(peer.address, e);
    }
  }

  @Override
  void stop() throws IOException {
    listener.close();
    selector.wakeup();
  }

  private static final class Peer {
    final SocketAddress address;
    final ByteBuffer buffer = ByteBuffer.allocate(8192);

    Peer(SocketAddress address) {
      this.address = address;
    }
  }
}
