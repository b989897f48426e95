package io.hbagent.cli;

import io.hbagent.control.Report;
import io.hbagent.control.ReportEntry;

/** The result of a sweep over the open connections, in words. */
final class SweepText {

  private SweepText() {}

  static void append(StringBuilder out, Report report, boolean dry) {
    if (report.all("open").isEmpty()) {
      return;
    }
    ReportEntry open = report.first("open");
    out.append("  open:   ").append(PolicyText.count(open.number("given"), "connection"));
    out.append(dry ? " would be given keepalive" : " given keepalive");
    count(out, open, "turned-off", "turned off");
    out.append('\n');
    StringBuilder skipped = new StringBuilder();
    count(skipped, open, "same", "have it already");
    count(skipped, open, "skipped-by-rule", "off by rule");
    String conflict = report.first("agent").text("conflict");
    count(
        skipped,
        open,
        "skipped-own-choice",
        "chosen by the application (conflict=" + conflict + ")");
    count(skipped, open, "connecting", "still connecting, followed");
    count(skipped, open, "closed-meanwhile", "closed since");
    out.append("          ").append(total(open)).append(" skipped");
    out.append(skipped.length() == 0 ? "" : ":" + skipped.substring(1)).append('\n');
    long listeners = open.number("listeners");
    if (listeners > 0) {
      out.append("          ").append(PolicyText.count(listeners, "listener"));
      out.append(dry ? " would pass it on" : " given it, to pass on").append(" at accept\n");
    }
    for (ReportEntry one : report.all("connection")) {
      boolean client = one.text("role").equals("client");
      out.append("            ").append(one.text("local")).append(client ? " > " : " < ");
      out.append(one.text("remote")).append('\n');
    }
  }

  private static long total(ReportEntry open) {
    return open.number("same")
        + open.number("skipped-by-rule")
        + open.number("skipped-own-choice")
        + open.number("connecting")
        + open.number("closed-meanwhile");
  }

  private static void count(StringBuilder out, ReportEntry open, String name, String words) {
    if (open.number(name) > 0) {
      out.append(", ").append(open.number(name)).append(' ').append(words);
    }
  }
}
