package io.hbagent.testapp.heartbeat;

import io.hbagent.testapp.peer.Connection;
import io.hbagent.testapp.peer.MalformedException;
import io.hbagent.testapp.peer.Report;
import io.hbagent.testapp.peer.ServerLoop;
import io.hbagent.testapp.peer.Service;
import io.hbagent.testapp.peer.Session;
import io.hbagent.testapp.peer.Span;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Answers {@code HeartBeat} with {@code OK} and any other line with itself in upper case, and drops
 * clients that send no line for too long. Bytes without a line end are no activity.
 */
final class HeartbeatService implements Service {
  private final Span timeout;
  private final int maxLine;
  private final int maxClients;
  private final Report report;
  private final ExpiryQueue<Connection> silent;

  /**
   * Creates a service.
   *
   * @param timeout silence after which a client is dropped
   * @param maxLine bytes of the longest line, at least 1
   * @param maxClients the limit that is sent to a refused client
   */
  HeartbeatService(
      Span timeout, int maxLine, int maxClients, LongSupplier nanoClock, Report report) {
    this.timeout = timeout;
    this.maxLine = maxLine;
    this.maxClients = maxClients;
    this.report = report;
    silent = new ExpiryQueue<>(timeout.nanos(), nanoClock);
  }

  @Override
  public Session opened(Connection connection) {
    silent.touch(connection);
    return new Client(connection);
  }

  @Override
  public long runDue(ServerLoop loop) {
    for (Connection c = silent.pollExpired(); c != null; c = silent.pollExpired()) {
      loop.drop(c, "no line for " + timeout + " s");
    }
    return silent.nanosToNext();
  }

  @Override
  public byte[] refusal() {
    return Words.wire(Words.BUSY + maxClients + " clients are connected, try again later");
  }

  /** Returns the number of clients that are watched for silence. */
  int watched() {
    return silent.size();
  }

  private final class Client implements Session {
    private final Connection connection;
    private final LineDecoder decoder = new LineDecoder(maxLine);

    Client(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void received(ByteBuffer bytes) throws MalformedException {
      for (String line = decoder.next(bytes); line != null; line = decoder.next(bytes)) {
        silent.touch(connection);
        report.line("%s %s", connection.name(), line);
        boolean heartbeat = line.equals(Words.HEARTBEAT);
        connection.send(Words.wire(heartbeat ? Words.OK : line.toUpperCase(Locale.ROOT)));
      }
    }

    @Override
    public void inputEnded() throws MalformedException {
      decoder.end();
    }

    @Override
    public byte[] farewell(String why) {
      return Words.wire(Words.BYE + why);
    }

    @Override
    public void closed() {
      silent.remove(connection);
    }
  }
}
