package io.hbagent.control;

import io.hbagent.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An agent's answer to a {@link Request}: a failure in one sentence, or the entries that were asked
 * for. Passed as text between class loaders and JVMs, printed as JSON. One thread.
 */
public final class Report {

  private static final String OK = "ok";
  private static final String FAILED = "failed ";

  /** The last line: an answer without it is still being written. */
  private static final String END = "end\n";

  /** The kinds of which a report may have several entries. */
  private static final String[] REPEATED = {"hook", "rule", "warning", "connection"};

  private final String failure;
  private final List<Entry> entries = new ArrayList<>();

  private Report(String failure) {
    this.failure = failure;
  }

  /** Creates an answer without entries. */
  public static Report ok() {
    return new Report(null);
  }

  /** Creates the answer of a failure, a sentence with a cure. */
  public static Report failed(String sentence) {
    return new Report(sentence);
  }

  /** Adds an entry, to be filled by the caller. */
  public Entry add(String kind) {
    Entry entry = new Entry(kind);
    entries.add(entry);
    return entry;
  }

  /** Adds an entry that is filled already. */
  public void add(Entry entry) {
    entries.add(entry);
  }

  /** Returns the sentence of a failure, or null. */
  public String failure() {
    return failure;
  }

  /** Returns the entries of one kind, in their order. */
  public List<Entry> all(String kind) {
    List<Entry> found = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry.kind.equals(kind)) {
        found.add(entry);
      }
    }
    return found;
  }

  /** Returns the first entry of a kind; an empty one if there is none. */
  public Entry first(String kind) {
    List<Entry> found = all(kind);
    return found.isEmpty() ? new Entry(kind) : found.get(0);
  }

  /** Returns it as text that {@link #parse} reads. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(1024);
    out.append(failure == null ? OK : FAILED + failure.replace('\n', ' ')).append('\n');
    for (Entry entry : entries) {
      entry.print(out);
    }
    return out.append(END).toString();
  }

  /**
   * Reads an answer, which is data of the target's user.
   *
   * @return null if the text is none, or only a part of one; a failure if it is malformed
   */
  public static Report parse(String text) {
    if (!text.endsWith("\n" + END)) {
      return null;
    }
    int from = text.indexOf('\n') + 1;
    String first = text.substring(0, from - 1);
    if (!first.equals(OK) && !first.startsWith(FAILED)) {
      return null;
    }
    Report report = new Report(first.equals(OK) ? null : first.substring(FAILED.length()));
    try {
      while (from < text.length() - END.length()) {
        int to = text.indexOf('\n', from);
        report.entries.add(Entry.parse(text.substring(from, to)));
        from = to + 1;
      }
    } catch (IllegalArgumentException e) {
      return failed(
          "its answer cannot be read ("
              + Printable.brief(e.getMessage())
              + "); use the version of hb-agent.jar that is in it, which list shows");
    }
    return report;
  }

  /**
   * Returns it as JSON (RFC 8259): an object with a member for each kind of entry, which is an
   * array where there may be several. Members are only ever added, never renamed.
   */
  public String toJson() {
    StringBuilder out = new StringBuilder(1024);
    String before = "{\n  ";
    for (Entry entry : entries) {
      if (!isRepeated(entry.kind)) {
        Printable.quote(out.append(before), entry.kind);
        entry.appendJson(out.append(": "));
        before = ",\n  ";
      }
    }
    for (String kind : REPEATED) {
      Printable.quote(out.append(before), kind + "s");
      appendJson(all(kind), "\n  ", out.append(": "));
      before = ",\n  ";
    }
    return out.append("\n}\n").toString();
  }

  private static boolean isRepeated(String kind) {
    for (String each : REPEATED) {
      if (each.equals(kind)) {
        return true;
      }
    }
    return false;
  }

  /** Returns entries as a JSON array. */
  public static String toJson(List<Entry> entries) {
    StringBuilder out = new StringBuilder();
    appendJson(entries, "\n", out);
    return out.append('\n').toString();
  }

  private static void appendJson(List<Entry> entries, String margin, StringBuilder out) {
    out.append('[');
    String before = margin;
    for (Entry entry : entries) {
      entry.appendJson(out.append(before).append("  "));
      before = "," + margin;
    }
    out.append(entries.isEmpty() ? "" : margin).append(']');
  }

  /** A kind and named values, texts or numbers, in their order. */
  public static final class Entry {

    private final String kind;
    private final Map<String, Object> values = new LinkedHashMap<>();

    /**
     * Creates an entry without values.
     *
     * @param kind its subject: {@code agent}, {@code hook}, {@code connection} …
     */
    public Entry(String kind) {
      this.kind = kind;
    }

    /** Adds a value, unless it is null. */
    public Entry add(String name, Object value) {
      if (value != null) {
        values.put(name, value instanceof Number ? value : value.toString());
      }
      return this;
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

    /** Appends a line for {@link #parse}: tabs between values, a colon before a number. */
    private void print(StringBuilder out) {
      out.append(kind);
      for (Map.Entry<String, Object> each : values.entrySet()) {
        Object value = each.getValue();
        out.append('\t').append(each.getKey());
        if (value instanceof Number) {
          out.append(':').append(value);
        } else {
          out.append('=').append(escape((String) value));
        }
      }
      out.append('\n');
    }

    private static Entry parse(String line) {
      String[] fields = line.split("\t", -1);
      Entry entry = new Entry(fields[0]);
      for (int i = 1; i < fields.length; i++) {
        String field = fields[i];
        int equals = field.indexOf('=');
        int colon = field.indexOf(':');
        boolean number = colon >= 0 && (equals < 0 || colon < equals);
        int at = number ? colon : equals;
        if (at < 0) {
          throw new IllegalArgumentException(line);
        }
        String value = field.substring(at + 1);
        entry.add(field.substring(0, at), number ? (Object) Long.valueOf(value) : unescape(value));
      }
      return entry;
    }

    /** Replaces what separates values and entries; a backslash first, for {@link #unescape}. */
    private static String escape(String text) {
      return replace(replace(replace(text, "\\", "\\b"), "\n", "\\n"), "\t", "\\t");
    }

    private static String unescape(String text) {
      return replace(replace(replace(text, "\\t", "\t"), "\\n", "\n"), "\\b", "\\");
    }

    /** Replaces text. Checks for a match first: String.replace compiles a pattern on JDK 8. */
    private static String replace(String text, String what, String by) {
      return text.contains(what) ? text.replace(what, by) : text;
    }

    private void appendJson(StringBuilder out) {
      out.append('{');
      String comma = "";
      for (Map.Entry<String, Object> each : values.entrySet()) {
        Printable.quote(out.append(comma), each.getKey());
        out.append(": ");
        if (each.getValue() instanceof Number) {
          out.append(each.getValue());
        } else {
          Printable.quote(out, (String) each.getValue());
        }
        comma = ", ";
      }
      out.append('}');
    }
  }
}
