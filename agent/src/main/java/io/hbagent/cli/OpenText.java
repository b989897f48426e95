package io.hbagent.cli;

import io.hbagent.control.Record;
import io.hbagent.control.Report;

/** What became of the open connections, in words. */
final class OpenText {

  private OpenText() {}

  static void append(StringBuilder out, Report report, boolean dry) {
    if (report.all("open").isEmpty()) {
      return;
    }
    Record open = report.first("open");
    out.append("  open:   ").append(open.text("given"));
    out.append(dry ? " connections would be given keepalive" : " connections given keepalive");
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
    count(skipped, open, "closed-meanwhile", "closed meanwhile");
    out.append("          ").append(total(open)).append(" skipped");
    out.append(skipped.length() == 0 ? "" : ":" + skipped.substring(1)).append('\n');
    long listeners = open.number("listeners");
    if (listeners > 0) {
      out.append("          ")
          .append(listeners)
          .append(listeners == 1 ? " listener" : " listeners");
      out.append(dry ? " would pass it on" : " given it, to pass on").append(" at accept\n");
    }
    for (Record one : report.all("connection")) {
      boolean client = one.text("role").equals("client");
      out.append("            ").append(one.text("local")).append(client ? " > " : " < ");
      out.append(one.text("remote")).append('\n');
    }
  }

  private static long total(Record open) {
    return open.number("same")
        + open.number("skipped-by-rule")
        + open.number("skipped-own-choice")
        + open.number("connecting")
        + open.number("closed-meanwhile");
  }

  private static void count(StringBuilder out, Record open, String name, String words) {
    if (open.number(name) > 0) {
      out.append(", ").append(open.number(name)).append(' ').append(words);
    }
  }
}
