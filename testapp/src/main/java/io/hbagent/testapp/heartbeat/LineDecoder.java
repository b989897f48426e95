package io.hbagent.testapp.heartbeat;

import io.hbagent.testapp.peer.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Decodes lines of UTF-8 from bytes cut anywhere, even inside a character. A line ends with LF; a
 * CR before it is dropped, so that telnet can be the client. Between lines the buffer is empty and
 * small.
 */
final class LineDecoder {
  private static final byte[] NONE = {};

  private final int maxBytes;
  private byte[] line = NONE;
  private int filled;

  /**
   * Creates a decoder.
   *
   * @param maxBytes the longest line allowed, without its end; at least 1
   */
  LineDecoder(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * The next line without its end, or null when the bytes do not complete one; takes from {@code
   * in} what it uses.
   *
   * @throws MalformedException when the line is too long or not UTF-8
   */
  String next(ByteBuffer in) throws MalformedException {
    while (in.hasRemaining()) {
      byte b = in.get();
      if (b == '\n') {
        return finish();
      }
      // One more than the maximum, for a CR that may turn out to belong to the end.
      if (filled > maxBytes || (filled == maxBytes && b != '\r')) {
        throw new MalformedException("line of more than " + maxBytes + " bytes");
      }
      if (filled == line.length) {
        line = Arrays.copyOf(line, Math.min(maxBytes + 1, Math.max(64, filled * 2)));
      }
      line[filled++] = b;
    }
    return null;
  }

  /**
   * Marks the end of the bytes.
   *
   * @throws MalformedException when that leaves a line unfinished
   */
  void end() throws MalformedException {
    if (filled > 0) {
      throw new MalformedException("closed in the middle of a line, after " + filled + " bytes");
    }
  }

  private String finish() throws MalformedException {
    int length = filled > 0 && line[filled - 1] == '\r' ? filled - 1 : filled;
    ByteBuffer bytes = ByteBuffer.wrap(line, 0, length);
    line = NONE;
    filled = 0;
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("line that is not UTF-8");
    }
  }
}
