package io.hbagent.testapp.heartbeat;

import java.nio.charset.StandardCharsets;

/**
 * The words of the wire. Whatever else a client says comes back in upper case, so that no answer
 * looks like the server's parting words, which have lower-case letters.
 */
final class Words {
  /** What a client says after a silence. */
  static final String HEARTBEAT = "HeartBeat";

  /** What the server answers to it. */
  static final String OK = "OK";

  /** What a server begins with when it will not serve a client; its reason follows. */
  static final String BUSY = "Busy: ";

  /** What a server begins with when it drops a client; its reason follows. */
  static final String BYE = "Bye: ";

  private Words() {}

  /** Whether a server's line answers something, as all do but its last. */
  static boolean isAnswer(String line) {
    return !line.startsWith(BUSY) && !line.startsWith(BYE);
  }

  /** A line as it goes on the wire. */
  static byte[] wire(String line) {
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
