package io.hbagent.testapp.peer;

import java.io.IOException;
import java.util.Locale;

/**
 * How a connection ended. RFC 1122 and its commentators know four states of a peer; a living one
 * answers and ends nothing, the other three show as {@link #TIMED_OUT}, {@link #RESET} and {@link
 * #UNREACHABLE}. The rest are endings a program brings about itself.
 */
public enum Ending {
  /** Both sides have said all they had to say, this side first. */
  FINISHED("finished"),
  /** The peer, or the kernel of its orderly host, sent a FIN. */
  CLOSED_BY_PEER("closed by peer"),
  /** The peer's host is up and does not know the connection: restarted, or closed in anger. */
  RESET("reset by peer: its host is up but does not know this connection"),
  /** Kernel to kernel, nothing came back: the peer's host is down, or the network is cut. */
  TIMED_OUT("timed out: the peer's host is down or cannot be reached"),
  /** A router, or the own kernel, said that there is no way to the peer. */
  UNREACHABLE("unreachable: no route to the peer"),
  /** The peer's kernel may live; its service answered no probe. */
  UNANSWERED("dead"),
  /** The peer does not speak the protocol. */
  MALFORMED("malformed data from peer"),
  /** Anything else; the error says more. */
  FAILED("failed");

  private final String sentence;

  Ending(String sentence) {
    this.sentence = sentence;
  }

  /** The ending that an error of a read or a write stands for. */
  public static Ending of(IOException error) {
    // The JDK has one class for all of them, so the text of the errno must tell. "Broken pipe" is
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

  /** The ending in words. */
  public String sentence() {
    return sentence;
  }

  /** The ending in words, with the error's own where they add something. */
  public String sentence(IOException error) {
    return this == FAILED ? sentence + ": " + error.getMessage() : sentence;
  }

  /** What a client's process should exit with: 0 when all went as it wanted, else 1. */
  public int exitCode() {
    return this == FINISHED ? 0 : 1;
  }
}
