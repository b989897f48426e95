package io.hbagent.testapp.peer;

import io.hbagent.testapp.Endpoint;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * One non-blocking connection: what is to be written, and whether more should be read. The side
 * that answers stops reading while {@link #HIGH_WATER} bytes of answers are queued or owed, so that
 * a peer that asks and never reads is held up by TCP itself and costs a bounded amount of memory.
 */
public final class Connection {
  /** Bytes of answers beyond which no more questions are read. */
  static final int HIGH_WATER = 16 * 1024;

  private final SocketChannel channel;
  private final SelectionKey key;
  private final String name;
  private final boolean answering;
  private final Outbox outbox = new Outbox();
  private int owed;
  private boolean inputEnded;
  private boolean outputEnded;

  /**
   * Takes over a connected channel: non-blocking, registered, attached to its own key.
   *
   * @param answering whether what is sent answers what was read, and reading may wait for it. The
   *     side that asks must read whatever it has not sent yet: else each would wait for the other.
   */
  Connection(SocketChannel channel, Selector selector, boolean answering) throws IOException {
    this.channel = channel;
    this.answering = answering;
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    name = Endpoint.text(channel.getRemoteAddress());
    key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** Returns the peer as {@code HOST:PORT}. */
  public String name() {
    return name;
  }

  /** Queues bytes; the loop writes them as the peer takes them. */
  public void send(byte[] bytes) {
    outbox.add(bytes);
    updateInterest();
  }

  /** Announces that an answer will be sent later by {@link #sendOwed}; a closing loop waits. */
  public void owe(int bytes) {
    owed += bytes;
    updateInterest();
  }

  /** Sends an answer that was announced; has no effect on a closed connection. */
  public void sendOwed(byte[] bytes) {
    owed -= bytes.length;
    if (key.isValid()) {
      send(bytes);
    }
  }

  /**
   * Reads once.
   *
   * @return whether the peer may send more; false once it has said that it will not
   */
  boolean read(ByteBuffer into) throws IOException {
    inputEnded = channel.read(into) < 0;
    updateInterest();
    return !inputEnded;
  }

  void flush() throws IOException {
    outbox.writeTo(channel);
    updateInterest();
  }

  /** Closes the sending direction and goes on receiving. */
  void endOutput() throws IOException {
    channel.shutdownOutput();
    outputEnded = true;
  }

  boolean outputEnded() {
    return outputEnded;
  }

  /** Returns whether everything queued is written. */
  boolean flushed() {
    return outbox.size() == 0;
  }

  /** Returns whether the peer has finished and has all its answers. */
  boolean done() {
    return inputEnded && flushed() && owed == 0;
  }

  /** Returns whether more may be queued within the bounds. */
  boolean hasRoom() {
    return outbox.size() + owed < HIGH_WATER;
  }

  boolean open() {
    return channel.isOpen();
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is gone in either case, and the connection was over before.
    }
  }

  private void updateInterest() {
    int read = inputEnded || (answering && !hasRoom()) ? 0 : SelectionKey.OP_READ;
    int write = flushed() ? 0 : SelectionKey.OP_WRITE;
    if (key.interestOps() != (read | write)) {
      key.interestOps(read | write);
    }
  }
}
