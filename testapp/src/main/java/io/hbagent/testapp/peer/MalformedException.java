package io.hbagent.testapp.peer;

/** What the peer sent is not the protocol. Its connection is beyond repair; others are not. */
public final class MalformedException extends Exception {
  /** Says what is wrong with the bytes. */
  public MalformedException(String message) {
    super(message);
  }
}
