package io.hbagent.testapp.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * One connection, watched by one thread. The timer is the selector's own time-out: it waits for the
 * network no longer than until the {@link ProbeTimer} has something to say.
 */
public final class ClientLoop {
  private final Dialogue dialogue;
  private final ProbeTimer timer;
  private final StdinLines lines;
  private final boolean quitAtEof;
  private final Report report;
  private final ByteBuffer input = ByteBuffer.allocateDirect(8 * 1024);

  /**
   * A loop for one connection.
   *
   * @param quitAtEof whether the end of the typed lines ends the connection too, once all is said
   */
  public ClientLoop(
      Dialogue dialogue, ProbeTimer timer, StdinLines lines, boolean quitAtEof, Report report) {
    this.dialogue = dialogue;
    this.timer = timer;
    this.lines = lines;
    this.quitAtEof = quitAtEof;
    this.report = report;
  }

  /**
   * Talks until the connection ends, reports how, and closes it.
   *
   * @param channel a connected one
   */
  @SuppressWarnings("try") // closing it is all that toClose is for
  public Ending run(SocketChannel channel) {
    try (SocketChannel toClose = channel;
        Selector selector = Selector.open()) {
      Connection connection = new Connection(channel, selector, false);
      lines.start(selector::wakeup);
      return talk(selector, connection);
    } catch (MalformedException e) {
      report.line("%s: %s", Ending.MALFORMED.sentence(), e.getMessage());
      return Ending.MALFORMED;
    } catch (IOException e) {
      report.line("%s", Ending.of(e).sentence(e));
      return Ending.of(e);
    }
  }

  private Ending talk(Selector selector, Connection connection)
      throws IOException, MalformedException {
    while (true) {
      Waits.select(selector, timer.remainingNanos());
      boolean readable = selector.selectedKeys().stream().anyMatch(SelectionKey::isReadable);
      selector.selectedKeys().clear();
      if (readable && !read(connection)) {
        return serverEnded(connection);
      }
      sendTyped(connection);
      // After the read: a process that was stopped itself finds the answers before the verdict.
      if (!watch(connection)) {
        return Ending.UNANSWERED;
      }
      connection.flush();
      if (quitAtEof && lines.ended() && connection.flushed() && !connection.outputEnded()) {
        connection.endOutput();
      }
    }
  }

  private Ending serverEnded(Connection connection) {
    if (connection.outputEnded() && dialogue.owed() == 0) {
      report.line("%s", Ending.FINISHED.sentence());
      return Ending.FINISHED;
    }
    report.line("%s, %d answers owed", Ending.CLOSED_BY_PEER.sentence(), dialogue.owed());
    return Ending.CLOSED_BY_PEER;
  }

  private boolean read(Connection connection) throws IOException, MalformedException {
    input.clear();
    if (!connection.read(input)) {
      dialogue.inputEnded();
      return false;
    }
    input.flip();
    if (dialogue.received(input) > 0) {
      if (timer.unanswered() > 0) {
        report.line("alive again after %d probes", timer.unanswered());
      }
      timer.heard();
    }
    return true;
  }

  private boolean watch(Connection connection) {
    switch (timer.poll()) {
      case DEAD:
        report.line(
            "dead: %d probes unanswered, nothing heard for %.3f s",
            timer.unanswered(), timer.silentNanos() / 1e9);
        return false;
      case PROBE:
        report.line("silent for %.3f s: probe %d", timer.silentNanos() / 1e9, timer.unanswered());
        // Without an output there is nothing to probe with, but patience ends all the same.
        if (!connection.outputEnded()) {
          connection.send(dialogue.probe());
        }
        return true;
      default:
        return true;
    }
  }

  private void sendTyped(Connection connection) {
    while (connection.hasRoom() && !connection.outputEnded()) {
      String line = lines.poll();
      if (line == null) {
        return;
      }
      connection.send(dialogue.message(line));
    }
  }
}
