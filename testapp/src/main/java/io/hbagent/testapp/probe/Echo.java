package io.hbagent.testapp.probe;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ByteChannel;
import java.util.concurrent.TimeUnit;

/**
 * A peer for connecting scenarios: takes one connection, reports its own end, sends back what comes
 * until the end.
 */
final class Echo implements AutoCloseable {
  /** Opens the listener; subclasses decide which kind. */
  interface Opener {
    ServerSocket open() throws Exception;
  }

  private final OneConnection peer;

  Echo(Setting setting) throws Exception {
    this(setting, () -> new ServerSocket(0, 5, setting.loopback()));
  }

  Echo(Setting setting, Opener opener) throws Exception {
    peer = new OneConnection(setting, opener.open(), Echo::answer);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) peer.listener.getLocalSocketAddress();
  }

  int port() {
    return peer.listener.getLocalPort();
  }

  /**
   * Waits until the connection has ended, if there was one, and throws this end's exception if any.
   */
  @Override
  public void close() throws IOException {
    peer.close();
  }

  static void answer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    OutputStream out = socket.getOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      out.write(next);
      out.flush();
    }
  }

  static void answer(ByteChannel channel) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    while (channel.read(one) >= 0) {
      one.flip();
      channel.write(one);
      one.clear();
    }
  }

  /** Sends a byte and expects it back, to check that the connection works. */
  static void talk(Socket socket) throws IOException {
    socket.getOutputStream().write(42);
    socket.getOutputStream().flush();
    check(socket.getInputStream().read());
  }

  static void talk(ByteChannel channel) throws IOException {
    channel.write(ByteBuffer.wrap(new byte[] {42}));
    ByteBuffer one = ByteBuffer.allocate(1);
    while (one.hasRemaining()) {
      if (channel.read(one) < 0) {
        break;
      }
    }
    check(one.get(0));
  }

  static void talk(AsynchronousSocketChannel channel) throws Exception {
    channel.write(ByteBuffer.wrap(new byte[] {42})).get(Setting.LIMIT_SECONDS, TimeUnit.SECONDS);
    ByteBuffer one = ByteBuffer.allocate(1);
    channel.read(one).get(Setting.LIMIT_SECONDS, TimeUnit.SECONDS);
    check(one.get(0));
  }

  static void check(int answer) throws IOException {
    if (answer != 42) {
      throw new IOException("sent 42, got " + answer + " back");
    }
  }
}
