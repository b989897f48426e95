package io.hbagent.cli;

import static io.hbagent.cli.Text.fill;
import static io.hbagent.cli.Text.policy;
import static io.hbagent.cli.Text.seconds;

import io.hbagent.control.Report;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The status for a terminal: settings and counters, then one line for each connection. Two ends in
 * IPv4 take up to 45 of the 80 columns there are, so everything after them is short, and what
 * opened the connection comes last: it is what is cut off when the line is too long.
 */
final class StatusText {

  private static final int INDENT = 12;

  /** Width of a rule's name in a line that is too long. */
  private static final int RULE_WIDTH = 8;

  private static final String[][] SHORT_STATES = {
    {"ESTABLISHED", "ESTAB"},
    {"CLOSE-WAIT", "CL-WT"},
    {"FIN-WAIT-1", "FIN-1"},
    {"FIN-WAIT-2", "FIN-2"},
    {"LAST-ACK", "L-ACK"},
    {"TIME-WAIT", "TM-WT"},
    {"CLOSING", "CLSNG"},
    {"SYN-SENT", "SYN-S"},
    {"SYN-RECV", "SYN-R"}
  };

  private final StringBuilder out = new StringBuilder(4096);
  private final Report report;
  private final int width;

  private StatusText(Report report, int width) {
    this.report = report;
    this.width = width;
  }

  /**
   * Returns the whole status.
   *
   * @param jvm as its first line names it
   * @param verbose whether the numbers behind the verdicts are shown
   * @param width columns, which no line of it exceeds but for a single long word
   */
  static String of(String jvm, Report report, boolean verbose, int width) {
    StatusText text = new StatusText(report, width);
    text.out.append(jvm).append(fill(": hb-agent {version}\n", report.first("agent")));
    String verdicts = VerdictText.of(report.all("connection"), verbose, width);
    text.out.append(verdicts).append(verdicts.isEmpty() ? "" : "\n");
    text.settings();
    text.counters();
    text.connections();
    return text.out.toString();
  }

  /** Returns the first lines, which are the worst, as many as fit on a screen. */
  static String top(String text, int rows) {
    String[] lines = text.split("\n", -1); // the last of which is empty
    int kept = rows - 2;
    int left = lines.length - 1 - kept;
    return left <= 1
        ? text
        : String.join("\n", Arrays.copyOf(lines, kept)) + "\n... " + left + " lines more\n";
  }

  private void settings() {
    Report.Entry agent = report.first("agent");
    row("policy:", policy(agent));
    for (Report.Entry rule : report.all("rule")) {
      row("rule:", rule.text("name") + ": " + policy(rule));
    }
    row("from:", fill("{source}; conflict={conflict}", agent));
    List<Report.Entry> hooks = report.all("hook");
    row(
        "hooks:",
        count(hooks, "woven") + " woven, " + count(hooks, "absent") + " absent on this JDK");
    for (Report.Entry hook : hooks) {
      if (!hook.text("state").matches("woven|absent")) {
        row("", fill("{state}: {method}, missed: {for}", hook));
      }
    }
  }

  private static long count(List<Report.Entry> hooks, String state) {
    return hooks.stream().filter(hook -> hook.text("state").equals(state)).count();
  }

  private void counters() {
    Report.Entry counters = report.first("counters");
    row(
        "set on:",
        fill(
                "{connected} connected, {accepted} accepted, {swept} found by sweep; put back ",
                counters)
            + Text.count(counters.number("reapplied") + counters.number("native-changes"), "time")
            + fill(", application's choice kept {respected}", counters));
    row(
        "verified:",
        fill("self-test {self-test}", report.first("agent"))
            + fill(", client {client}, server {server}", report.first("verified")));
    if (counters.number("aborted") > 0) {
      row("aborted:", Text.count(counters.number("aborted"), "connection"));
    }
    boolean failed = counters.number("failures") > 0;
    row("failures:", fill("{failures}" + (failed ? ", the first: {first-failure}" : ""), counters));
    boolean problem = !counters.text("log-problem").isEmpty();
    if (problem || counters.number("log-dropped") > 0) {
      row(
          "log:",
          Text.count(counters.number("log-dropped"), "line")
              + fill(problem ? " dropped; now: {log-problem}" : " dropped", counters));
    }
    for (Report.Entry watchdog : report.all("watchdog")) {
      row(
          "watchdog:",
          fill(
                  "{half-open-now} half-open now, {half-open-ever} ever (probes"
                      + " {unanswered-probes}, data {unacknowledged-data}), longest ",
                  watchdog)
              + seconds(watchdog.number("longest-ms"))
              + fill(
                  "; recovered {recovered}, dead by timeout {dead-timeout}, by reset {dead-reset},"
                      + " closed {closed}; half-closed {half-closed}",
                  watchdog));
    }
  }

  /** Appends labelled text, broken at blanks; a word too wide for a line has one of its own. */
  private void row(String label, String text) {
    String head = pad(new StringBuilder("  ").append(label), INDENT).toString();
    int from = out.length();
    VerdictText.wrap(out, INDENT, INDENT, text, width);
    out.replace(from, from + INDENT, head);
  }

  /** Appends blanks up to a length. */
  static StringBuilder pad(StringBuilder line, int length) {
    while (line.length() < length) {
      line.append(' ');
    }
    return line;
  }

  private void connections() {
    List<Report.Entry> all = new ArrayList<>(report.all("connection"));
    all.sort(
        Comparator.comparingLong(
                (Report.Entry one) -> -one.number("probes") - one.number("retransmits"))
            .thenComparing(one -> one.text("keepalive").equals("on"))
            .thenComparing(one -> -one.number("age-s"))
            .thenComparing(one -> one.text("remote")));
    out.append('\n').append(Text.count(all.size(), "connection"));
    if (all.isEmpty()) {
      out.append('\n');
      return;
    }
    out.append(", the worst first: > client, < server, KA keepalive\n");
    out.append("idle/intvl/cnt, UT user timeout, P unanswered probes, R retransmits\n");
    Table table = table(all, Integer.MAX_VALUE);
    out.append((table.width() > width ? table(all, RULE_WIDTH) : table).toString(width));
  }

  /** Returns one line for each connection; without a column for rules where there are none. */
  private Table table(List<Report.Entry> all, int ruleWidth) {
    boolean rules = !report.all("rule").isEmpty();
    String heads = "LOCAL,,REMOTE,STATE,KA,UT,P,R,AGE," + (rules ? "RULE," : "") + "OPENED BY";
    Table table = new Table(heads.split(",", -1));
    for (Report.Entry one : all) {
      boolean on = one.text("keepalive").equals("on");
      long userTimeout = one.number("user-timeout-ms");
      List<String> cells = new ArrayList<>();
      cells.add(one.text("local"));
      cells.add(one.text("role").equals("client") ? ">" : "<");
      cells.add(one.text("remote"));
      cells.add(shortState(one.text("state")));
      cells.add(on ? fill("{idle}/{intvl}/{cnt}", one) : "off");
      cells.add(userTimeout > 0 ? seconds(userTimeout) : "-");
      cells.add(one.text("probes"));
      cells.add(one.text("retransmits"));
      cells.add(one.text("age-s").isEmpty() ? "?" : age(one.number("age-s")));
      if (rules) {
        String rule = one.text("rule");
        cells.add(rule.isEmpty() ? "-" : Table.cut(rule, ruleWidth));
      }
      cells.add(one.text("opened-by").isEmpty() ? "?" : one.text("opened-by"));
      table.row(cells.toArray(new String[0]));
    }
    return table;
  }

  private static String shortState(String name) {
    for (String[] pair : SHORT_STATES) {
      if (pair[0].equals(name)) {
        return pair[1];
      }
    }
    return name;
  }

  /** Returns an age in two to five characters. */
  static String age(long seconds) {
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 7200) {
      return seconds / 60 + "m";
    }
    return seconds < 172_800
        ? String.format(Locale.ROOT, "%dh%02d", seconds / 3600, seconds / 60 % 60)
        : seconds / 86_400 + "d";
  }
}
