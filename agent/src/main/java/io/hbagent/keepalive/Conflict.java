package io.hbagent.keepalive;

/** What holds when the application sets keepalive options itself. */
public enum Conflict {
  /** The policy. */
  ENFORCE,
  /** The application, option by option. */
  RESPECT;

  @Override
  public String toString() {
    return this == ENFORCE ? "enforce" : "respect";
  }
}
