package io.hbagent.log;

import io.hbagent.text.Printable;

/**
 * A log line in logfmt: {@code event=NAME key=value …}. A value that is more than ASCII letters,
 * digits and signs is quoted, and what is not {@link Printable} in it escaped, so an event is
 * always one line. Not thread-safe.
 */
public final class Line {

  private final StringBuilder text = new StringBuilder(256);

  /** Creates a line about an event. */
  public Line(String event) {
    text.append("event=").append(event);
  }

  /** Adds a field, unless its value is null. */
  public Line add(String key, Object value) {
    if (value != null) {
      String string = value.toString();
      text.append(' ').append(key).append('=');
      if (isBare(string)) {
        text.append(string);
      } else {
        Printable.quote(text, string);
      }
    }
    return this;
  }

  /** Adds a field. */
  public Line add(String key, long value) {
    text.append(' ').append(key).append('=').append(value);
    return this;
  }

  /**
   * Returns whether a value can stand without quotes: ASCII without blanks, quotes and controls.
   */
  private static boolean isBare(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c <= ' ' || c > '~' || c == '"' || c == '=') {
        return false;
      }
    }
    return !value.isEmpty();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
