package io.hbagent.testapp.peer;

/** The server side of a protocol: its sessions and its timed actions. */
public interface Service {
  /** Creates the session of a new client. */
  Session opened(Connection connection);

  /**
   * Performs the actions that are due.
   *
   * @param loop the caller, which drops clients
   * @return nanoseconds until there is more to do, Long.MAX_VALUE for never
   */
  long runDue(ServerLoop loop);

  /** Returns the message for a client beyond the limit; may be empty. */
  byte[] refusal();
}
