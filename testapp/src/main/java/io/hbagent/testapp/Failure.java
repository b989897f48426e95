package io.hbagent.testapp;

import java.io.IOException;
import java.net.BindException;

/**
 * A failure that ends a program with exit code 1; its message is the sentence that the user reads.
 */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates a failure that is reported in one sentence. */
  public Failure(String message, Throwable cause) {
    super(message, cause);
  }

  /** Returns a failure for a server that could not listen. */
  public static Failure toListen(Endpoint endpoint, IOException e) {
    boolean taken = e instanceof BindException && text(e).contains("in use");
    return new Failure(
        "cannot listen on " + endpoint + ": " + (taken ? "the port is taken" : text(e)), e);
  }

  /** Returns a failure for a client that could not connect. */
  public static Failure toConnect(Endpoint endpoint, IOException e) {
    return new Failure("cannot connect to " + endpoint + ": " + text(e), e);
  }

  /** Returns the message of an exception, or its name if it has none (ClosedChannelException). */
  public static String text(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
