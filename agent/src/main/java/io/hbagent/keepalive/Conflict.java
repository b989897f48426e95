package io.hbagent.keepalive;

/** The precedence between the policy and options that the application sets itself. */
public enum Conflict {
  /** The policy takes precedence. */
  ENFORCE("enforce"),
  /** The application takes precedence, option by option. */
  RESPECT("respect"),
  /** The one of the two that finds a dead peer sooner takes precedence. */
  TIGHTEN("tighten");

  private final String text;

  Conflict(String text) {
    this.text = text;
  }

  /** Returns the one of this name, or null if there is none. */
  public static Conflict of(String text) {
    for (Conflict conflict : values()) {
      if (conflict.text.equals(text)) {
        return conflict;
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return text;
  }
}
