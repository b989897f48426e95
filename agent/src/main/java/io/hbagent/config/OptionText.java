package io.hbagent.config;

import io.hbagent.text.Printable;
import java.io.File;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The text after {@code -javaagent:hb-agent.jar=}: {@code key=value} separated by commas. A value
 * in double quotes may hold commas. A key alone stands for {@code key=true}.
 *
 * <p>On the start path: no regular expression, no lambda.
 */
public final class OptionText {

  /** Characters of a text, and of a line of a properties file. */
  static final int MAX_LENGTH = 1 << 16;

  private OptionText() {}

  /** Returns the entries by key, in their order; none for null. */
  static Map<String, Entry> parse(String text, String source) throws BadOption {
    Map<String, Entry> entries = new LinkedHashMap<>();
    if (text == null) {
      return entries;
    }
    if (text.length() > MAX_LENGTH) {
      throw tooLong(text, source, "");
    }
    int from = 0;
    while (from < text.length()) {
      int to = endOfPair(text, from, source);
      String pair = text.substring(from, to).trim();
      if (!pair.isEmpty()) {
        entry(pair, source).addTo(entries);
      }
      from = to + 1;
    }
    return entries;
  }

  /**
   * Returns the error about a text of more than {@link #MAX_LENGTH} characters.
   *
   * @param place in words
   * @param more of its length; empty where the text is whole
   */
  static BadOption tooLong(String text, String place, String more) {
    String quoted = Printable.brief(text) + " (" + place + ") is too long (" + text.length();
    String allowed = " characters" + more + "); allowed are " + MAX_LENGTH;
    return new BadOption(quoted + allowed + "; shorten it");
  }

  private static int endOfPair(String text, int from, String source) throws BadOption {
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
      String pair = Printable.brief(text.substring(from)) + " (" + source + ")";
      throw new BadOption("the quote in " + pair + " is not closed; add a \"");
    }
    return text.length();
  }

  private static Entry entry(String pair, String source) {
    int equals = pair.indexOf('=');
    String key = equals < 0 ? pair : pair.substring(0, equals).trim();
    String value = equals < 0 ? "true" : pair.substring(equals + 1).trim();
    if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
      value = value.substring(1, value.length() - 1);
    }
    return new Entry(key, value, source);
  }

  /** Appends a pair, after a comma where it is not the first, as {@link #parse} reads it back. */
  static void append(StringBuilder out, String key, String value) {
    out.append(out.length() == 0 ? "" : ",").append(key).append('=');
    out.append(value.indexOf(',') >= 0 ? '"' + value + '"' : value);
  }

  /**
   * Returns the same options with the files in them named absolutely, so that they do not depend on
   * the folder they were typed in.
   *
   * @throws BadOption if the text cannot be parsed
   */
  public static String absolute(String options) throws BadOption {
    StringBuilder out = new StringBuilder();
    for (Entry entry : parse(options, "agent arguments").values()) {
      boolean file =
          entry.key.equals(Key.CONFIG.text)
              || (entry.key.equals(Key.LOG.text) && !entry.value.equals("stderr"));
      append(out, entry.key, file ? new File(entry.value).getAbsolutePath() : entry.value);
    }
    return out.toString();
  }
}
