package io.hbagent.testapp.heartbeat;

import java.nio.charset.StandardCharsets;

/**
 * The messages of the protocol. All other lines come back in upper case, so that no answer looks
 * like the server's last message, which has lower-case letters.
 */
final class Words {
  /** Probe that a client sends after a silence. */
  static final String HEARTBEAT = "HeartBeat";

  /** The server's answer to the probe. */
  static final String OK = "OK";

  /** Prefix of the message that refuses a client; the reason follows. */
  static final String BUSY = "Busy: ";

  /** Prefix of the message that drops a client; the reason follows. */
  static final String BYE = "Bye: ";

  private Words() {}

  /** Returns whether a server's line is an answer, as all are except its last. */
  static boolean isAnswer(String line) {
    return !line.startsWith(BUSY) && !line.startsWith(BYE);
  }

  /** Returns the bytes of a line with its end. */
  static byte[] wire(String line) {
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
