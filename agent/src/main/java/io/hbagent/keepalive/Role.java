package io.hbagent.keepalive;

/** Which end of a connection this process is. */
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
