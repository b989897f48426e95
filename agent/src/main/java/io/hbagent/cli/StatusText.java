package io.hbagent.cli;

import io.hbagent.control.Record;
import io.hbagent.control.Report;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The status for a terminal of 80 columns: worst connections first. */
final class StatusText {

  private static final String[][] SHORT = {
    {"ESTABLISHED", "ESTAB"},
    {"CLOSE-WAIT", "CLS-WT"},
    {"FIN-WAIT-1", "FIN-W1"},
    {"FIN-WAIT-2", "FIN-W2"},
    {"LAST-ACK", "LSTACK"},
    {"TIME-WAIT", "TIM-WT"},
    {"CLOSING", "CLOSNG"},
    {"SYN-RECV", "SYN-RC"}
  };

  private StatusText() {}

  static String of(String jvm, Report report) {
    StringBuilder out = new StringBuilder(4096);
    Record agent = report.first("agent");
    out.append(jvm).append(": hb-agent ").append(agent.text("version")).append('\n');
    out.append("  policy:   ").append(Policies.full(agent)).append('\n');
    for (Record rule : report.all("rule")) {
      out.append("  rule:     ").append(rule.text("name")).append(": ");
      out.append(Policies.full(rule)).append('\n');
    }
    out.append("  from:     ").append(agent.text("source")).append("; conflict=");
    out.append(agent.text("conflict")).append('\n');
    hooks(out, report);
    counters(out, report, agent);
    watchdog(out, report);
    connections(out, report);
    return out.toString();
  }

  private static void hooks(StringBuilder out, Report report) {
    int woven = 0;
    int absent = 0;
    StringBuilder failed = new StringBuilder();
    for (Record hook : report.all("hook")) {
      String state = hook.text("state");
      woven += state.equals("woven") ? 1 : 0;
      absent += state.equals("absent") ? 1 : 0;
      if (!state.equals("woven") && !state.equals("absent")) {
        failed.append("    ").append(state).append(": ").append(hook.text("method"));
        failed.append(", missed: ").append(hook.text("for")).append('\n');
      }
    }
    out.append("  hooks:    ").append(woven).append(" woven, ").append(absent);
    out.append(" absent on this JDK\n").append(failed);
  }

  private static void counters(StringBuilder out, Report report, Record agent) {
    Record counters = report.first("counters");
    Record verified = report.first("verified");
    out.append("  set on:   ").append(counters.text("connected")).append(" connected, ");
    out.append(counters.text("accepted")).append(" accepted, ");
    out.append(counters.text("swept")).append(" found by sweep; put back ");
    out.append(counters.text("reapplied")).append(" times, application's choice kept ");
    out.append(counters.text("respected")).append('\n');
    out.append("  verified: self-test ").append(agent.text("self-test")).append(", client ");
    out.append(verified.text("client")).append(", server ").append(verified.text("server"));
    out.append('\n');
    out.append("  failures: ").append(counters.text("failures"));
    if (counters.number("failures") > 0) {
      out.append(", the first: ").append(counters.text("first-failure"));
    }
    out.append('\n');
  }

  private static void watchdog(StringBuilder out, Report report) {
    for (Record watchdog : report.all("watchdog")) {
      out.append("  watchdog: ").append(watchdog.text("half-open-now")).append(" half-open now, ");
      out.append(watchdog.text("half-open-ever")).append(" ever (probes ");
      out.append(watchdog.text("unanswered-probes")).append(", data ");
      out.append(watchdog.text("unacknowledged-data")).append("), longest ");
      out.append(Policies.seconds(watchdog.number("longest-ms")))
          .append(";\n            recovered ");
      out.append(watchdog.text("recovered")).append(", dead by timeout ");
      out.append(watchdog.text("dead-timeout")).append(", by reset ");
      out.append(watchdog.text("dead-reset")).append(", closed ").append(watchdog.text("closed"));
      out.append("; half-closed ").append(watchdog.text("half-closed")).append('\n');
    }
  }

  private static void connections(StringBuilder out, Report report) {
    List<Record> all = new ArrayList<>(report.all("connection"));
    all.sort(
        Comparator.comparingLong((Record one) -> -trouble(one))
            .thenComparing(one -> one.text("keepalive").equals("on"))
            .thenComparing(one -> -one.number("age-s"))
            .thenComparing(one -> one.text("remote")));
    out.append('\n').append(all.size()).append(" connections");
    out.append(all.isEmpty() ? "\n" : " (> client, < server)\n");
    if (all.isEmpty()) {
      return;
    }
    boolean details = all.stream().anyMatch(one -> !one.text("opened-by").isEmpty());
    Table table =
        details
            ? new Table(
                "LOCAL",
                "",
                "REMOTE",
                "STATE",
                "KEEPALIVE",
                "UT",
                "PRB",
                "RTX",
                "AGE",
                "RULE",
                "OPENED BY")
            : new Table("LOCAL", "", "REMOTE", "STATE", "KEEPALIVE", "UT", "PRB", "RTX", "RULE");
    for (Record one : all) {
      List<String> cells = new ArrayList<>();
      cells.add(one.text("local"));
      cells.add(one.text("role").equals("client") ? ">" : "<");
      cells.add(one.text("remote"));
      cells.add(state(one.text("state")));
      cells.add(keepalive(one));
      long userTimeout = one.number("user-timeout-ms");
      cells.add(userTimeout > 0 ? Policies.seconds(userTimeout) : "-");
      cells.add(one.text("probes"));
      cells.add(one.text("retransmits"));
      if (details) {
        cells.add(one.text("age-s").isEmpty() ? "?" : age(one.number("age-s")));
      }
      cells.add(one.text("rule").isEmpty() ? "-" : one.text("rule"));
      if (details) {
        cells.add(one.text("opened-by").isEmpty() ? "?" : one.text("opened-by"));
      }
      table.row(cells.toArray(new String[0]));
    }
    out.append(table);
  }

  private static long trouble(Record one) {
    return one.number("probes") + one.number("retransmits");
  }

  private static String state(String name) {
    for (String[] pair : SHORT) {
      if (pair[0].equals(name)) {
        return pair[1];
      }
    }
    return name;
  }

  private static String keepalive(Record one) {
    return one.text("keepalive").equals("on")
        ? one.text("idle") + "/" + one.text("intvl") + "/" + one.text("cnt")
        : "off";
  }

  /** In three to five characters. */
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
