package io.hbagent.testapp.pingpong;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The one message of the wire: a 32-bit type, high byte first, and always 1,024 bytes of data, text
 * in UTF-8 padded with zero bytes. Immutable.
 */
final class Frame {
  /** Probe of the peer. */
  static final int PING = 1;

  /** The answer to {@link #PING}. */
  static final int PONG = 2;

  /** Bytes of data in every frame. */
  static final int DATA_BYTES = 1024;

  /** Bytes of a frame on the wire. */
  static final int BYTES = Integer.BYTES + DATA_BYTES;

  private final byte[] wire;

  private Frame(byte[] wire) {
    this.wire = wire;
  }

  /** Creates a frame without data. */
  static Frame of(int type) {
    return of(type, new byte[0], 0, 0);
  }

  /**
   * A frame with a piece of an array as its data.
   *
   * @param length 0 to {@link #DATA_BYTES}
   */
  static Frame of(int type, byte[] data, int offset, int length) {
    if (length > DATA_BYTES) {
      throw new IllegalArgumentException(length + " bytes are more than " + DATA_BYTES);
    }
    byte[] wire = new byte[BYTES];
    ByteBuffer.wrap(wire).putInt(type).put(data, offset, length);
    return new Frame(wire);
  }

  /** The frame that {@link #BYTES} bytes of the wire are; the array is not copied. */
  static Frame ofWire(byte[] wire) {
    return new Frame(wire);
  }

  int type() {
    return ByteBuffer.wrap(wire).getInt();
  }

  /** The data up to its first zero byte, as text. */
  String text() {
    int end = Integer.BYTES;
    while (end < BYTES && wire[end] != 0) {
      end++;
    }
    return new String(wire, Integer.BYTES, end - Integer.BYTES, StandardCharsets.UTF_8);
  }

  /** The bytes of the wire: the frame's own, not to be changed. */
  byte[] wire() {
    return wire;
  }
}
