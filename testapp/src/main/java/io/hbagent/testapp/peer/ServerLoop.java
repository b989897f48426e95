package io.hbagent.testapp.peer;

import io.hbagent.testapp.Endpoint;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;

/**
 * One thread that serves many clients: accepts, reads, writes, and wakes up when its {@link
 * Service} has something due. Nothing a client does ends it; a client it cannot follow loses its
 * own connection only. {@link #close} may be called from any thread, {@link #clients} too.
 */
public final class ServerLoop implements Closeable {
  /** Connections waiting to be accepted; the kernel caps it at net.core.somaxconn. */
  private static final int BACKLOG = 1024;

  private final Selector selector;
  private final ServerSocketChannel listener;
  private final Acceptor acceptor;
  private final Service service;
  private final int maxClients;
  private final Report report;
  private final Map<Connection, Session> sessions = new HashMap<>();
  private final ByteBuffer input = ByteBuffer.allocateDirect(8 * 1024);

  private volatile int clients;
  private volatile boolean closed;

  /**
   * Listens; clients are served once {@link #run} is called.
   *
   * @param maxClients how many are served at a time, at least 1; others are refused
   * @throws IOException when the address cannot be had
   */
  public ServerLoop(InetSocketAddress address, Service service, int maxClients, Report report)
      throws IOException {
    this.service = service;
    this.maxClients = maxClients;
    this.report = report;
    // The class behind reads, writes and closes opens descriptors of its own when it is first used,
    // and is unusable ever after if it gets none. This uses it while there are some.
    SocketChannel.open().close();
    selector = Selector.open();
    listener = ServerSocketChannel.open();
    try {
      listener.bind(address, BACKLOG);
      listener.configureBlocking(false);
      acceptor =
          new Acceptor(listener, listener.register(selector, SelectionKey.OP_ACCEPT), report);
    } catch (IOException e) {
      listener.close();
      selector.close();
      throw e;
    }
  }

  /** Returns the address on which the loop listens. */
  public SocketAddress address() throws IOException {
    return listener.getLocalAddress();
  }

  /** Returns the number of connected clients. */
  public int clients() {
    return clients;
  }

  /** Serves until {@link #close}. */
  public void run() throws IOException {
    try {
      while (!closed) {
        long nanos = Math.min(service.runDue(this), acceptor.resumeWhenRested());
        Waits.select(selector, nanos);
        for (SelectionKey key : selector.selectedKeys()) {
          if (key.isValid()) {
            handle(key);
          }
        }
        selector.selectedKeys().clear();
      }
    } finally {
      listener.close();
      sessions.keySet().forEach(Connection::close);
      selector.close();
    }
  }

  /** Drops a client for a reason that is printed and, if possible, sent to the client. */
  public void drop(Connection connection, String why) {
    Session session = sessions.get(connection);
    if (session == null) {
      return;
    }
    try {
      connection.send(session.farewell(why));
      connection.flush();
    } catch (IOException e) {
      // It does not listen any more: no message.
    }
    remove(connection, why);
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
  }

  private void handle(SelectionKey key) {
    if (key.isAcceptable()) {
      acceptor.accept(this::admit);
    } else {
      serve(key, (Connection) key.attachment());
    }
  }

  private void serve(SelectionKey key, Connection connection) {
    Session session = sessions.get(connection);
    try {
      if (key.isReadable()) {
        read(connection, session);
      }
      connection.flush();
      if (connection.done()) {
        remove(connection, Ending.CLOSED_BY_PEER.sentence());
      }
    } catch (MalformedException e) {
      drop(connection, "malformed: " + e.getMessage());
    } catch (IOException e) {
      remove(connection, Ending.of(e).sentence(e));
    }
  }

  private void read(Connection connection, Session session) throws IOException, MalformedException {
    input.clear();
    boolean more = connection.read(input);
    input.flip();
    if (more) {
      session.received(input);
    } else {
      session.inputEnded();
      if (!connection.done()) {
        report.line("%s sends no more, answers are owed", connection.name());
      }
    }
  }

  private void remove(Connection connection, String why) {
    connection.close();
    Session session = sessions.remove(connection);
    clients = sessions.size();
    session.closed();
    report.line("%s gone: %s (%d clients)", connection.name(), why, clients);
  }

  private void admit(SocketChannel channel) throws IOException {
    try {
      if (sessions.size() >= maxClients) {
        refuse(channel);
        return;
      }
      Connection connection = new Connection(channel, selector, true);
      sessions.put(connection, service.opened(connection));
      clients = sessions.size();
      report.line("%s connected (%d clients)", connection.name(), clients);
    } catch (IOException e) {
      channel.close(); // it was gone before it was let in
    }
  }

  private void refuse(SocketChannel channel) throws IOException {
    try (SocketChannel refused = channel) {
      report.line(
          "%s refused: %d clients are connected",
          Endpoint.text(refused.getRemoteAddress()), maxClients);
      refused.configureBlocking(false);
      refused.write(ByteBuffer.wrap(service.refusal())); // fits: nothing was written before
      refused.shutdownOutput();
    }
  }
}
