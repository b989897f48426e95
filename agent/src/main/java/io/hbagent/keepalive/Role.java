package io.hbagent.keepalive;

/** The end of a connection that this process is. */
public enum Role {
  /** It connected. */
  CLIENT,
  /** It accepted. */
  SERVER;

  @Override
  public String toString() {
    return this == CLIENT ? "client" : "server";
  }
}
