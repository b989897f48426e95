package io.hbagent.testapp.heartbeat;

import io.hbagent.testapp.peer.Dialogue;
import io.hbagent.testapp.peer.MalformedException;
import io.hbagent.testapp.peer.Report;
import java.nio.ByteBuffer;

/** Probes with {@code HeartBeat}, sends lines as they are, shows what comes back. */
final class HeartbeatDialogue implements Dialogue {
  /** A character may take up to three times its bytes in upper case: U+0390 does. */
  private static final int GROWTH = 3;

  /** Room for the server's own messages, whatever the limit on the client's lines. */
  private static final int MIN_ANSWER = 1024;

  private final int maxLine;
  private final LineDecoder decoder;
  private final Report report;
  private int owed;

  /**
   * Creates a dialogue.
   *
   * @param maxLine bytes of the longest line the server takes, at least 1
   */
  HeartbeatDialogue(int maxLine, Report report) {
    this.maxLine = maxLine;
    this.report = report;
    decoder = new LineDecoder(Math.max(MIN_ANSWER, maxLine * GROWTH));
  }

  @Override
  public byte[] probe() {
    owed++;
    return Words.wire(Words.HEARTBEAT);
  }

  @Override
  public byte[] message(String line) {
    byte[] wire = Words.wire(line);
    if (wire.length - 1 > maxLine) {
      report.line("not sent: a line of %d bytes, %d are allowed", wire.length - 1, maxLine);
      return new byte[0];
    }
    owed++;
    return wire;
  }

  @Override
  public int received(ByteBuffer bytes) throws MalformedException {
    int count = 0;
    for (String line = decoder.next(bytes); line != null; line = decoder.next(bytes)) {
      count++;
      if (Words.isAnswer(line)) {
        owed = Math.max(0, owed - 1);
      }
      report.line("%s", line);
    }
    return count;
  }

  @Override
  public int owed() {
    return owed;
  }

  @Override
  public void inputEnded() throws MalformedException {
    decoder.end();
  }
}
