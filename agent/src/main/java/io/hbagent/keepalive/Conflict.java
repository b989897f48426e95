package io.hbagent.keepalive;

/** What holds when the application sets keepalive options itself. */
public enum Conflict {
  /** The policy. */
  ENFORCE("enforce"),
  /** The application, option by option. */
  RESPECT("respect"),
  /** Whichever of the two finds a dead peer sooner. */
  TIGHTEN("tighten");

  private final String text;

  Conflict(String text) {
    this.text = text;
  }

  /** The one of this name; null when there is none. */
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
