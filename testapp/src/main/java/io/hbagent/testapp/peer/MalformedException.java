package io.hbagent.testapp.peer;

/** Thrown if the peer violates the protocol. Its connection cannot be used any more. */
public final class MalformedException extends Exception {
  /** Creates an exception with a message about the bytes. */
  public MalformedException(String message) {
    super(message);
  }
}
