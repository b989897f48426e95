package io.hbagent.testapp.peer;

/** The server side of a protocol: what is said to each client, and what time brings about. */
public interface Service {
  /** A client has come. */
  Session opened(Connection connection);

  /**
   * Does what has come due.
   *
   * @param loop the caller, which drops clients
   * @return nanoseconds until there is more to do, Long.MAX_VALUE for never
   */
  long runDue(ServerLoop loop);

  /** Parting words for a client beyond the limit; may be empty. */
  byte[] refusal();
}
