package io.hbagent.log;

/**
 * One log line in logfmt: {@code event=NAME key=value …}; values with blanks, quotes or equals
 * signs are quoted. One thread.
 */
public final class Line {

  private final StringBuilder text = new StringBuilder(256);

  /** A line about an event. */
  public Line(String event) {
    text.append("event=").append(event);
  }

  /** A line that begins like another. */
  public Line(Line beginning) {
    text.append(beginning.text);
  }

  /** Adds a field; null values are left out. */
  public Line add(String key, Object value) {
    if (value != null) {
      text.append(' ').append(key).append('=');
      append(value.toString());
    }
    return this;
  }

  /** Adds a field. */
  public Line add(String key, long value) {
    text.append(' ').append(key).append('=').append(value);
    return this;
  }

  private void append(String value) {
    if (!needsQuotes(value)) {
      text.append(value);
      return;
    }
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else {
        text.append(c < ' ' ? ' ' : c);
      }
    }
    text.append('"');
  }

  private static boolean needsQuotes(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c <= ' ' || c == '"' || c == '=') {
        return true;
      }
    }
    return value.isEmpty();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
