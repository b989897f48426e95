package io.hbagent.cli;

import static io.hbagent.cli.Text.fill;

import io.hbagent.control.Report;
import io.hbagent.diagnose.Diagnosis;
import io.hbagent.diagnose.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The verdicts on the connections for a terminal, the worst first: one paragraph for all
 * connections of a peer that have the same, and a line that sums up what is well.
 */
final class VerdictText {

  private static final int MARGIN = 2;
  private static final int INDENT = 6;

  /** The numbers of a connection, by their names in JSON, shown with {@code --verbose}. */
  private static final String[] NUMBERS = {
    "send-queue",
    "receive-queue",
    "last-sent-ms",
    "last-received-ms",
    "last-ack-ms",
    "retransmits",
    "probes",
    "rtt-us",
    "min-rtt-us",
    "segments-sent-again",
    "bytes-sent",
    "bytes-received",
    "peer-window"
  };

  private VerdictText() {}

  /**
   * Returns the paragraphs; empty if there is no connection with a verdict.
   *
   * @param verbose whether each connection follows with its numbers
   */
  static String of(List<Report.Entry> connections, boolean verbose, int width) {
    Map<String, List<Report.Entry>> groups = new LinkedHashMap<>();
    Map<Verdict, Integer> well = new EnumMap<>(Verdict.class);
    for (Report.Entry each : worstFirst(connections)) {
      Verdict verdict = Verdict.of(each.text("verdict"));
      if (verdict.isWell()) {
        well.merge(verdict, 1, Integer::sum);
      } else {
        groups.computeIfAbsent(verdict + " " + peer(each), none -> new ArrayList<>()).add(each);
      }
    }
    StringBuilder out = new StringBuilder();
    for (List<Report.Entry> group : groups.values()) {
      group(out, group, verbose, width);
    }
    List<String> sums = new ArrayList<>();
    well.forEach((verdict, number) -> sums.add(number + " " + verdict.words()));
    if (!sums.isEmpty()) {
      wrap(out, MARGIN, MARGIN, String.join(", ", sums), width);
    }
    return out.toString();
  }

  /** Returns the connections that have a verdict this command knows, the worst first. */
  static List<Report.Entry> worstFirst(List<Report.Entry> connections) {
    List<Report.Entry> judged = new ArrayList<>(connections);
    judged.removeIf(each -> Verdict.of(each.text("verdict")) == null);
    judged.sort(
        Comparator.comparing((Report.Entry each) -> Verdict.of(each.text("verdict")))
            .thenComparing(each -> each.text("since-ms").isEmpty() ? 1 : -each.number("since-ms")));
    return judged;
  }

  /** Returns what connections of one peer have in common: of a client's the port is its own. */
  private static String peer(Report.Entry connection) {
    String remote = connection.text("remote");
    String local = connection.text("local");
    return connection.text("role").equals("client")
        ? "to " + remote
        : "from "
            + remote.substring(0, remote.lastIndexOf(':'))
            + " to our port "
            + local.substring(local.lastIndexOf(':') + 1);
  }

  private static void group(
      StringBuilder out, List<Report.Entry> group, boolean verbose, int width) {
    Report.Entry worst = group.get(0);
    String head = Verdict.of(worst.text("verdict")).words().toUpperCase(Locale.ROOT);
    head += " " + since(worst) + Text.count(group.size(), "connection") + " " + peer(worst);
    wrap(out, MARGIN, INDENT, head, width);
    if (!verbose) {
      wrap(out, INDENT, INDENT, (group.size() > 1 ? "the worst: " : "") + text(worst), width);
      return;
    }
    for (Report.Entry each : group) {
      boolean client = each.text("role").equals("client");
      String ends = client ? "fd={fd} {local} > {remote} " : "fd={fd} {local} < {remote} ";
      wrap(out, INDENT, INDENT + 2, fill(ends, each) + since(each) + text(each), width);
      StringBuilder numbers = new StringBuilder();
      for (String name : NUMBERS) {
        if (!each.text(name).isEmpty()) {
          numbers.append(numbers.length() == 0 ? "" : " ").append(name).append('=');
          numbers.append(each.text(name));
        }
      }
      wrap(out, INDENT + 2, INDENT + 2, numbers.toString(), width);
    }
  }

  /** Returns the evidence, and the thread that waits if there is one. */
  static String text(Report.Entry connection) {
    String reader = connection.text("reader");
    return connection.text("evidence") + (reader.isEmpty() ? "" : "; reader=" + reader);
  }

  private static String since(Report.Entry connection) {
    return connection.text("since-ms").isEmpty()
        ? ""
        : "for " + Diagnosis.time(connection.number("since-ms")) + ", ";
  }

  /** Appends text broken at blanks; a word too wide for a line has one of its own. */
  static void wrap(StringBuilder out, int first, int next, String text, int width) {
    StringBuilder line = StatusText.pad(new StringBuilder(), first);
    boolean empty = true;
    for (String word : text.split(" ", -1)) {
      if (!empty && line.length() + 1 + word.length() > width) {
        out.append(line).append('\n');
        line = StatusText.pad(new StringBuilder(), next);
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    out.append(line).append('\n');
  }
}
