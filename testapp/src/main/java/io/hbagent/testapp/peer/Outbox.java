package io.hbagent.testapp.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Bytes that a connection still has to write. A non-blocking write takes what fits into the
 * kernel's buffer and leaves the rest here. An idle connection's outbox holds no memory to speak
 * of.
 */
final class Outbox {
  private static final byte[] NONE = {};

  private byte[] bytes = NONE;
  private int start;
  private int end;

  /** Returns the number of bytes waiting. */
  int size() {
    return end - start;
  }

  /** Appends a copy of bytes. */
  void add(byte[] more) {
    if (bytes.length - end < more.length) {
      makeRoom(more.length);
    }
    System.arraycopy(more, 0, bytes, end, more.length);
    end += more.length;
  }

  /** Writes what the channel accepts without blocking. */
  void writeTo(WritableByteChannel channel) throws IOException {
    if (size() > 0) {
      start += channel.write(ByteBuffer.wrap(bytes, start, size()));
    }
    if (size() == 0) {
      bytes = NONE;
      start = 0;
      end = 0;
    }
  }

  private void makeRoom(int more) {
    // Twice what is needed, so that appending stays O(1) a byte in the long run.
    byte[] target = new byte[2 * (size() + more)];
    System.arraycopy(bytes, start, target, 0, size());
    end = size();
    start = 0;
    bytes = target;
  }
}
