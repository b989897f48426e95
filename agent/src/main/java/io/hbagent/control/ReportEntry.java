package io.hbagent.control;

import io.hbagent.text.Printable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Entry of a {@link Report}: a kind and named values, texts or numbers, in their order. Not
 * thread-safe.
 */
public final class ReportEntry {

  private final String kind;
  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Creates an entry without values. */
  public ReportEntry(String kind) {
    this.kind = kind;
  }

  /** Adds a value, unless it is null. */
  public ReportEntry add(String name, Object value) {
    if (value != null) {
      values.put(name, value instanceof Number ? value : value.toString());
    }
    return this;
  }

  /** Returns what it is about: {@code agent}, {@code hook}, {@code connection} … */
  public String kind() {
    return kind;
  }

  /** Returns all values as they were added; numbers are {@link Number}s. */
  public Map<String, Object> values() {
    return values;
  }

  /** Returns a value as printable text for a terminal; empty when there is none. */
  public String text(String name) {
    Object value = values.get(name);
    return value == null ? "" : Printable.of(value.toString());
  }

  /** Returns a value as a number; 0 when there is none. */
  public long number(String name) {
    Object value = values.get(name);
    return value instanceof Number ? ((Number) value).longValue() : 0;
  }

  /** Appends it as a line for {@link #parse}: tabs between values, a colon before a number. */
  void print(StringBuilder out) {
    out.append(kind);
    for (Map.Entry<String, Object> entry : values.entrySet()) {
      out.append('\t').append(entry.getKey());
      if (entry.getValue() instanceof Number) {
        out.append(':').append(entry.getValue());
      } else {
        escape((String) entry.getValue(), out.append('='));
      }
    }
    out.append('\n');
  }

  private static void escape(String text, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        out.append("\\\\");
      } else if (c == '\n') {
        out.append("\\n");
      } else if (c == '\t') {
        out.append("\\t");
      } else {
        out.append(c);
      }
    }
  }

  /**
   * Reads what {@link #print} wrote.
   *
   * @throws IllegalArgumentException if the line is none of these
   */
  static ReportEntry parse(String line) {
    int to = end(line, 0);
    ReportEntry record = new ReportEntry(line.substring(0, to));
    while (to < line.length()) {
      int from = to + 1;
      to = end(line, from);
      int equals = line.indexOf('=', from);
      int colon = line.indexOf(':', from);
      boolean number = colon >= 0 && colon < to && (equals < 0 || colon < equals);
      int at = number ? colon : equals;
      if (at < 0 || at >= to) {
        throw new IllegalArgumentException(line);
      }
      String name = line.substring(from, at);
      String text = line.substring(at + 1, to);
      record.add(name, number ? (Object) Long.valueOf(text) : unescape(text));
    }
    return record;
  }

  private static int end(String line, int from) {
    int tab = line.indexOf('\t', from);
    return tab < 0 ? line.length() : tab;
  }

  private static String unescape(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        char next = text.charAt(i);
        out.append(next == 'n' ? '\n' : next == 't' ? '\t' : next);
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
