package io.hbagent.testapp;

import java.io.IOException;
import java.net.BindException;

/** What ends a program with exit code 1: its message is the one sentence the user reads. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure that is reported in one sentence. */
  public Failure(String message, Throwable cause) {
    super(message, cause);
  }

  /** Why a server could not start listening. */
  public static Failure toListen(Endpoint endpoint, IOException e) {
    boolean taken = e instanceof BindException && text(e).contains("in use");
    return new Failure(
        "cannot listen on " + endpoint + ": " + (taken ? "the port is taken" : text(e)), e);
  }

  /** Why a client could not connect. */
  public static Failure toConnect(Endpoint endpoint, IOException e) {
    return new Failure("cannot connect to " + endpoint + ": " + text(e), e);
  }

  /** The message of an exception, or its name where it has none (ClosedChannelException). */
  public static String text(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
