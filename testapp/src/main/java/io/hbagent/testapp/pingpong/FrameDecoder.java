package io.hbagent.testapp.pingpong;

import io.hbagent.testapp.peer.MalformedException;
import java.nio.ByteBuffer;

/**
 * Decodes frames from bytes cut anywhere. The type is checked as soon as its four bytes have
 * arrived, so that a wrong protocol is detected before a kilobyte is read. Between frames the
 * buffer is empty and small.
 */
final class FrameDecoder {
  private final MessageTypes types;
  private byte[] wire;
  private int filled;

  FrameDecoder(MessageTypes types) {
    this.types = types;
  }

  /**
   * The next frame, or null when the bytes do not complete one; takes from {@code in} what it uses.
   *
   * @throws MalformedException when the type is unknown
   */
  Frame next(ByteBuffer in) throws MalformedException {
    if (filled < Integer.BYTES && take(in, Integer.BYTES)) {
      types.check(ByteBuffer.wrap(wire).getInt());
    }
    if (filled < Integer.BYTES || !take(in, Frame.BYTES)) {
      return null;
    }
    Frame frame = Frame.ofWire(wire);
    wire = null;
    filled = 0;
    return frame;
  }

  /**
   * Marks the end of the bytes.
   *
   * @throws MalformedException when that leaves a frame unfinished
   */
  void end() throws MalformedException {
    if (filled > 0) {
      throw new MalformedException("closed after " + filled + " of " + Frame.BYTES + " bytes");
    }
  }

  private boolean take(ByteBuffer in, int upTo) {
    if (wire == null && in.hasRemaining()) {
      wire = new byte[Frame.BYTES];
    }
    int count = Math.min(in.remaining(), upTo - filled);
    if (count > 0) {
      in.get(wire, filled, count);
      filled += count;
    }
    return filled == upTo;
  }
}
