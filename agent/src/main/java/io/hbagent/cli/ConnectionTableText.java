package io.hbagent.cli;

import io.hbagent.control.Report;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * One line for each connection, the worst first. Two ends in IPv4 take up to 45 of the 80 columns
 * there are, so everything after them is short, and what opened the connection comes last: it is
 * what is cut off when the line is too long.
 */
final class ConnectionTableText {

  /** Width of a rule's name in a line that is too long. */
  private static final int RULE_WIDTH = 8;

  private static final String[][] SHORT = {
    {"ESTABLISHED", "ESTAB"},
    {"CLOSE-WAIT", "CL-WT"},
    {"FIN-WAIT-1", "FIN-1"},
    {"FIN-WAIT-2", "FIN-2"},
    {"LAST-ACK", "L-ACK"},
    {"TIME-WAIT", "TM-WT"},
    {"CLOSING", "CLSNG"},
    {"SYN-RECV", "SYN-R"}
  };

  private ConnectionTableText() {}

  /** All connections of a status, with a line before them that says how many there are. */
  static String of(Report report, int width) {
    List<Report.Entry> all = sorted(report);
    StringBuilder out = new StringBuilder();
    out.append(PolicyText.count(all.size(), "connection"));
    if (all.isEmpty()) {
      return out.append('\n').toString();
    }
    out.append(", the worst first: > client, < server, KA keepalive\n");
    out.append("idle/intvl/cnt, UT user timeout, P unanswered probes, R retransmits\n");
    boolean rules = !report.all("rule").isEmpty();
    Table table = table(all, rules, Integer.MAX_VALUE);
    if (table.width() > width) {
      table = table(all, rules, RULE_WIDTH);
    }
    return out.append(table.toString(width)).toString();
  }

  private static List<Report.Entry> sorted(Report report) {
    List<Report.Entry> all = new ArrayList<>(report.all("connection"));
    all.sort(
        Comparator.comparingLong((Report.Entry one) -> -trouble(one))
            .thenComparing(one -> one.text("keepalive").equals("on"))
            .thenComparing(one -> -one.number("age-s"))
            .thenComparing(one -> one.text("remote")));
    return all;
  }

  /** Without a column for rules where there are none. */
  private static Table table(List<Report.Entry> all, boolean rules, int ruleWidth) {
    List<String> heads = new ArrayList<>();
    heads.addAll(Arrays.asList("LOCAL", "", "REMOTE", "STATE", "KA", "UT", "P", "R", "AGE"));
    if (rules) {
      heads.add("RULE");
    }
    heads.add("OPENED BY");
    Table table = new Table(heads.toArray(new String[0]));
    for (Report.Entry one : all) {
      List<String> cells = new ArrayList<>();
      cells.add(one.text("local"));
      cells.add(one.text("role").equals("client") ? ">" : "<");
      cells.add(one.text("remote"));
      cells.add(state(one.text("state")));
      cells.add(keepalive(one));
      long userTimeout = one.number("user-timeout-ms");
      cells.add(userTimeout > 0 ? PolicyText.seconds(userTimeout) : "-");
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

  private static long trouble(Report.Entry one) {
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

  private static String keepalive(Report.Entry one) {
    return one.text("keepalive").equals("on")
        ? one.text("idle") + "/" + one.text("intvl") + "/" + one.text("cnt")
        : "off";
  }

  /** In two to five characters. */
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
