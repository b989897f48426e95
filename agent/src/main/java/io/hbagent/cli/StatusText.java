package io.hbagent.cli;

import io.hbagent.control.Report;
import java.util.List;

/** The status for a terminal; {@link ConnectionTableText} is its second half. */
final class StatusText {

  private static final int INDENT = 12;

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
   * @param width columns, which no line of it exceeds but for a single long word
   */
  static String of(String jvm, Report report, int width) {
    StatusText text = new StatusText(report, width);
    Report.Entry agent = report.first("agent");
    text.out.append(jvm).append(": hb-agent ").append(agent.text("version")).append('\n');
    text.row("policy:", PolicyText.full(agent));
    for (Report.Entry rule : report.all("rule")) {
      text.row("rule:", rule.text("name") + ": " + PolicyText.full(rule));
    }
    text.row("from:", agent.text("source") + "; conflict=" + agent.text("conflict"));
    text.hooks();
    text.counters(agent);
    text.watchdog();
    text.out.append('\n').append(ConnectionTableText.of(report, width));
    return text.out.toString();
  }

  /** Returns the first lines, which are the worst, as many as fit on a screen. */
  static String top(String text, int rows) {
    int from = 0;
    for (int i = 1; i < rows - 1; i++) {
      from = text.indexOf('\n', from) + 1;
      if (from == 0) {
        return text;
      }
    }
    int left = 0;
    for (int at = from; at < text.length(); at++) {
      left += text.charAt(at) == '\n' ? 1 : 0;
    }
    return left <= 1 ? text : text.substring(0, from) + "... " + left + " lines more\n";
  }

  /** Appends labelled text, broken at blanks; a word too wide for a line has one of its own. */
  private void row(String label, String text) {
    StringBuilder line = pad(new StringBuilder("  ").append(label));
    boolean first = true;
    for (String word : text.split(" ", -1)) {
      if (!first && line.length() + 1 + word.length() > width) {
        out.append(line).append('\n');
        line = pad(new StringBuilder());
        first = true;
      }
      line.append(first ? "" : " ").append(word);
      first = false;
    }
    out.append(line).append('\n');
  }

  private static StringBuilder pad(StringBuilder line) {
    while (line.length() < INDENT) {
      line.append(' ');
    }
    return line;
  }

  private void hooks() {
    List<Report.Entry> hooks = report.all("hook");
    int woven = 0;
    int absent = 0;
    for (Report.Entry hook : hooks) {
      woven += hook.text("state").equals("woven") ? 1 : 0;
      absent += hook.text("state").equals("absent") ? 1 : 0;
    }
    row("hooks:", woven + " woven, " + absent + " absent on this JDK");
    for (Report.Entry hook : hooks) {
      String state = hook.text("state");
      if (!state.equals("woven") && !state.equals("absent")) {
        row("", state + ": " + hook.text("method") + ", missed: " + hook.text("for"));
      }
    }
  }

  private void counters(Report.Entry agent) {
    Report.Entry counters = report.first("counters");
    Report.Entry verified = report.first("verified");
    row(
        "set on:",
        counters.text("connected")
            + " connected, "
            + counters.text("accepted")
            + " accepted, "
            + counters.text("swept")
            + " found by sweep; put back "
            + PolicyText.count(
                counters.number("reapplied") + counters.number("native-changes"), "time")
            + ", application's choice kept "
            + counters.text("respected"));
    row(
        "verified:",
        "self-test "
            + agent.text("self-test")
            + ", client "
            + verified.text("client")
            + ", server "
            + verified.text("server"));
    String first = counters.text("first-failure");
    row(
        "failures:",
        counters.text("failures")
            + (counters.number("failures") > 0 ? ", the first: " + first : ""));
    String problem = counters.text("log-problem");
    if (!problem.isEmpty() || counters.number("log-dropped") > 0) {
      row(
          "log:",
          PolicyText.count(counters.number("log-dropped"), "line")
              + " dropped"
              + (problem.isEmpty() ? "" : "; now: " + problem));
    }
  }

  private void watchdog() {
    for (Report.Entry watchdog : report.all("watchdog")) {
      row(
          "watchdog:",
          watchdog.text("half-open-now")
              + " half-open now, "
              + watchdog.text("half-open-ever")
              + " ever (probes "
              + watchdog.text("unanswered-probes")
              + ", data "
              + watchdog.text("unacknowledged-data")
              + "), longest "
              + PolicyText.seconds(watchdog.number("longest-ms"))
              + "; recovered "
              + watchdog.text("recovered")
              + ", dead by timeout "
              + watchdog.text("dead-timeout")
              + ", by reset "
              + watchdog.text("dead-reset")
              + ", closed "
              + watchdog.text("closed")
              + "; half-closed "
              + watchdog.text("half-closed"));
    }
  }
}
