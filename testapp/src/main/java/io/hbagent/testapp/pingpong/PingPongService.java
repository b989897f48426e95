package io.hbagent.testapp.pingpong;

import io.hbagent.testapp.peer.Connection;
import io.hbagent.testapp.peer.MalformedException;
import io.hbagent.testapp.peer.Report;
import io.hbagent.testapp.peer.ServerLoop;
import io.hbagent.testapp.peer.Service;
import io.hbagent.testapp.peer.Session;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.function.LongSupplier;

/** Answers a PING with PONG and a message with itself, at once or after a delay. */
final class PingPongService implements Service {
  private static final byte[] PONG = Frame.of(Frame.PONG).wire();

  private final MessageTypes types;
  private final long delayNanos;
  private final LongSupplier nanoClock;
  private final Report report;

  /**
   * Held back, in order of their time, since every answer is delayed by the same; a set, so that
   * those of a client that left go without a search.
   */
  private final Set<Answer> answers = new LinkedHashSet<>();

  /**
   * Creates a service.
   *
   * @param delayNanos from a frame to its answer, 0 or more
   */
  PingPongService(MessageTypes types, long delayNanos, LongSupplier nanoClock, Report report) {
    this.types = types;
    this.delayNanos = delayNanos;
    this.nanoClock = nanoClock;
    this.report = report;
  }

  @Override
  public Session opened(Connection connection) {
    return new Client(connection);
  }

  @Override
  public long runDue(ServerLoop loop) {
    Iterator<Answer> inOrder = answers.iterator();
    while (inOrder.hasNext()) {
      Answer next = inOrder.next();
      long left = delayNanos - (nanoClock.getAsLong() - next.askedAt);
      if (left > 0) {
        return left;
      }
      inOrder.remove();
      next.client.answered(next);
    }
    return Long.MAX_VALUE;
  }

  /** Returns the number of delayed answers. */
  int heldBack() {
    return answers.size();
  }

  @Override
  public byte[] refusal() {
    return new byte[0]; // the protocol has no frame for it: the connection just ends
  }

  private final class Client implements Session {
    private final Connection connection;
    private final FrameDecoder decoder = new FrameDecoder(types);
    private final Queue<Answer> heldBack = new ArrayDeque<>();

    Client(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void received(ByteBuffer bytes) throws MalformedException {
      for (Frame frame = decoder.next(bytes); frame != null; frame = decoder.next(bytes)) {
        if (frame.type() == Frame.PING) {
          report.line("%s PING", connection.name());
          answer(PONG);
        } else if (frame.type() != Frame.PONG) { // unsolicited: only shows that the peer is alive
          report.line("%s message %d: %s", connection.name(), frame.type(), frame.text());
          answer(frame.wire());
        }
      }
    }

    private void answer(byte[] wire) {
      if (delayNanos == 0) {
        connection.send(wire);
      } else {
        connection.owe(wire.length);
        Answer answer = new Answer(this, wire, nanoClock.getAsLong());
        heldBack.add(answer);
        answers.add(answer);
      }
    }

    void answered(Answer oldest) {
      heldBack.remove();
      connection.sendOwed(oldest.wire);
    }

    @Override
    public void inputEnded() throws MalformedException {
      decoder.end();
    }

    @Override
    public byte[] farewell(String why) {
      return new byte[0];
    }

    @Override
    public void closed() {
      heldBack.forEach(answers::remove);
      heldBack.clear();
    }
  }

  private static final class Answer {
    final Client client;
    final byte[] wire;
    final long askedAt;

    Answer(Client client, byte[] wire, long askedAt) {
      this.client = client;
      this.wire = wire;
      this.askedAt = askedAt;
    }
  }
}
