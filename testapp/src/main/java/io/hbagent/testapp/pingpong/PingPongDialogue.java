package io.hbagent.testapp.pingpong;

import io.hbagent.testapp.peer.Dialogue;
import io.hbagent.testapp.peer.MalformedException;
import io.hbagent.testapp.peer.Report;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Probes with PING, sends lines as messages, shows what comes back. */
final class PingPongDialogue implements Dialogue {
  private final int messageType;
  private final FrameDecoder decoder;
  private final Report report;
  private int owed;

  /** A dialogue whose lines go out as frames of the given type. */
  PingPongDialogue(MessageTypes types, int messageType, Report report) {
    this.messageType = messageType;
    this.report = report;
    decoder = new FrameDecoder(types);
  }

  @Override
  public byte[] probe() {
    owed++;
    return Frame.of(Frame.PING).wire();
  }

  /** One frame, or as many as a long line fills. */
  @Override
  public byte[] message(String line) {
    byte[] text = line.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    int start = 0;
    do {
      int end = endOfPiece(text, start);
      Frame frame = Frame.of(messageType, text, start, end - start);
      wire.write(frame.wire(), 0, Frame.BYTES);
      owed++;
      start = end;
    } while (start < text.length);
    return wire.toByteArray();
  }

  private static int endOfPiece(byte[] text, int start) {
    int end = Math.min(text.length, start + Frame.DATA_BYTES);
    // Back to the first byte of a character: in UTF-8 the others are 10xxxxxx.
    while (end < text.length && (text[end] & 0xC0) == 0x80) {
      end--;
    }
    return end;
  }

  @Override
  public int received(ByteBuffer bytes) throws MalformedException {
    int count = 0;
    for (Frame frame = decoder.next(bytes); frame != null; frame = decoder.next(bytes)) {
      count++;
      if (frame.type() == Frame.PONG) {
        report.line("PONG");
      } else if (frame.type()
          != Frame.PING) { // clients are not probed: it only shows that the peer is alive
        report.line("message %d: %s", frame.type(), frame.text());
      }
    }
    owed = Math.max(0, owed - count);
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
