package io.hbagent.control;

import io.hbagent.text.Printable;
import java.util.ArrayList;
import java.util.List;

/**
 * An agent's answer to a {@link Request}: a failure in one sentence, or the entries that were asked
 * for. Passed as text between class loaders and JVMs. One thread.
 */
public final class Report {

  private static final String OK = "ok";
  private static final String FAILED = "failed ";

  /** The last line: an answer without it is still being written. */
  private static final String END = "end\n";

  private final String failure;
  private final List<ReportEntry> records = new ArrayList<>();

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
  public ReportEntry add(String kind) {
    ReportEntry record = new ReportEntry(kind);
    records.add(record);
    return record;
  }

  /** Returns the sentence of a failure, or null. */
  public String failure() {
    return failure;
  }

  /** Returns all entries in their order. */
  public List<ReportEntry> records() {
    return records;
  }

  /** Returns the entries of one kind. */
  public List<ReportEntry> all(String kind) {
    List<ReportEntry> found = new ArrayList<>();
    for (ReportEntry record : records) {
      if (record.kind().equals(kind)) {
        found.add(record);
      }
    }
    return found;
  }

  /** Returns the first entry of a kind; an empty one if there is none. */
  public ReportEntry first(String kind) {
    List<ReportEntry> found = all(kind);
    return found.isEmpty() ? new ReportEntry(kind) : found.get(0);
  }

  /** Returns it as text that {@link #parse} reads. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(1024);
    out.append(failure == null ? OK : FAILED + failure.replace('\n', ' ')).append('\n');
    for (ReportEntry record : records) {
      record.print(out);
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
        report.records.add(ReportEntry.parse(text.substring(from, to)));
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
}
