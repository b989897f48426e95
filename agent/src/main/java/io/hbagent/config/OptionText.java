package io.hbagent.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes apart the text after {@code -javaagent:hb-agent.jar=}: {@code key=value} separated by
 * commas. A value in double quotes may hold commas. A key alone stands for {@code key=true}.
 *
 * <p>On the start path: no regular expression, no lambda.
 */
final class OptionText {

  private OptionText() {}

  static List<Entry> parse(String text, String origin) throws BadOption {
    List<Entry> entries = new ArrayList<>();
    if (text == null) {
      return entries;
    }
    int from = 0;
    while (from < text.length()) {
      int to = endOfPair(text, from, origin);
      String pair = text.substring(from, to).trim();
      if (!pair.isEmpty()) {
        add(entries, pair, origin);
      }
      from = to + 1;
    }
    return entries;
  }

  private static int endOfPair(String text, int from, String origin) throws BadOption {
    boolean quoted = false;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        return i;
      }
    }
    if (quoted) {
      throw new BadOption(
          "the quote in " + text.substring(from) + " (" + origin + ") is not closed; add a \"");
    }
    return text.length();
  }

  private static void add(List<Entry> entries, String pair, String origin) throws BadOption {
    int equals = pair.indexOf('=');
    String key = equals < 0 ? pair : pair.substring(0, equals).trim();
    String value = equals < 0 ? "true" : pair.substring(equals + 1).trim();
    if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
      value = value.substring(1, value.length() - 1);
    }
    addOnce(entries, new Entry(key, value, origin));
  }

  /** Adds an entry whose key is not there yet. */
  static void addOnce(List<Entry> entries, Entry entry) throws BadOption {
    for (Entry other : entries) {
      if (other.key.equals(entry.key)) {
        throw new BadOption(
            entry.key
                + "="
                + entry.value
                + " ("
                + entry.origin
                + ") contradicts "
                + other.key
                + "="
                + other.value
                + " ("
                + other.origin
                + "); give it once");
      }
    }
    entries.add(entry);
  }

  /** A value as {@link #parse} reads it back. */
  static String quote(String value) {
    return value.indexOf(',') >= 0 ? '"' + value + '"' : value;
  }
}
