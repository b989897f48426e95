package io.hbagent.testapp.peer;

import java.io.IOException;
import java.util.Locale;

/**
 * How a connection ended. RFC 1122 and its commentators know four states of a peer; a living one
 * answers and ends nothing, the other three show as {@link #TIMED_OUT}, {@link #RESET} and {@link
 * #UNREACHABLE}. The rest are endings a program brings about itself.
 */
public enum Ending {
  /** Both sides have finished, this side first. */
  FINISHED("finished"),
  /** The peer closed the connection: a FIN was received. */
  CLOSED_BY_PEER("closed by peer"),
  /**
   * The peer's host is up and does not know the connection: it was restarted, or the peer reset the
   * connection.
   */
  RESET("reset by peer: its host is up but does not know this connection"),
  /** The kernel got no answer: the peer's host is down, or the network is cut. */
  TIMED_OUT("timed out: the peer's host is down or cannot be reached"),
  /** A router, or this host's kernel, reported that there is no route to the peer. */
  UNREACHABLE("unreachable: no route to the peer"),
  /** The peer's service answered no probe; its kernel may be alive. */
  UNANSWERED("dead"),
  /** The peer violated the protocol. */
  MALFORMED("malformed data from peer"),
  /** Any other error. */
  FAILED("failed");

  private final String sentence;

  Ending(String sentence) {
    this.sentence = sentence;
  }

  /** Returns the ending for an error of a read or a write. */
  public static Ending of(IOException error) {
    // The JDK has one class for all of them, so the text of the errno decides. "Broken pipe" is
    // a write after the reset had come; the Windows texts are those of WSAECONNRESET and
    // WSAECONNABORTED.
    String text = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("timed out")) {
      return TIMED_OUT;
    }
    if (text.contains("unreachable") || text.contains("no route") || text.contains("is down")) {
      return UNREACHABLE;
    }
    if (text.contains("reset")
        || text.contains("broken pipe")
        || text.contains("forcibly closed")
        || text.contains("was aborted")) {
      return RESET;
    }
    return FAILED;
  }

  /** Returns the ending as text. */
  public String sentence() {
    return sentence;
  }

  /** Returns the ending as text, with the error's message where that adds something. */
  public String sentence(IOException error) {
    return this == FAILED ? sentence + ": " + error.getMessage() : sentence;
  }

  /** Returns the exit code of a client: 0 for an ending it asked for, else 1. */
  public int exitCode() {
    return this == FINISHED ? 0 : 1;
  }
}
