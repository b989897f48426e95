package io.hbagent.control;

import io.hbagent.text.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A report as JSON (RFC 8259): one object, with an array for each kind there may be several of.
 * Members are only ever added, never renamed.
 */
public final class Json {

  private Json() {}

  /** Kinds of which a report has one at most; theirs is an object. */
  private static boolean isSingle(String kind) {
    return !kind.equals("hook")
        && !kind.equals("connection")
        && !kind.equals("rule")
        && !kind.equals("warning");
  }

  /** The whole report, in lines. */
  public static String of(Report report) {
    Map<String, StringBuilder> byKind = new LinkedHashMap<>();
    for (String kind : new String[] {"hook", "rule", "warning", "connection"}) {
      byKind.put(kind, new StringBuilder());
    }
    StringBuilder out = new StringBuilder(1024).append('{');
    String comma = "\n";
    for (ReportEntry record : report.records()) {
      if (isSingle(record.kind())) {
        Printable.quote(out.append(comma).append("  "), record.kind());
        object(record, out.append(": "));
        comma = ",\n";
      } else {
        StringBuilder array = byKind.get(record.kind());
        object(record, array.append(array.length() == 0 ? "\n    " : ",\n    "));
      }
    }
    for (Map.Entry<String, StringBuilder> entry : byKind.entrySet()) {
      Printable.quote(out.append(comma).append("  "), entry.getKey() + "s");
      out.append(": [").append(entry.getValue());
      out.append(entry.getValue().length() == 0 ? "]" : "\n  ]");
      comma = ",\n";
    }
    return out.append("\n}\n").toString();
  }

  /** Several objects as an array. */
  public static String of(List<ReportEntry> records) {
    StringBuilder out = new StringBuilder("[");
    for (ReportEntry record : records) {
      object(record, out.append(out.length() == 1 ? "\n  " : ",\n  "));
    }
    return out.append(records.isEmpty() ? "]\n" : "\n]\n").toString();
  }

  private static void object(ReportEntry record, StringBuilder out) {
    out.append('{');
    String comma = "";
    for (Map.Entry<String, Object> entry : record.values().entrySet()) {
      Printable.quote(out.append(comma), entry.getKey());
      out.append(": ");
      if (entry.getValue() instanceof Number) {
        out.append(entry.getValue());
      } else {
        Printable.quote(out, (String) entry.getValue());
      }
      comma = ", ";
    }
    out.append('}');
  }
}
