package io.hbagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.control.Report;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTextTest {

  private static final String OPENER = "http-nio-8080-exec-12";

  private static Report.Entry connection(
      Report report, String remote, int probes, String keepalive) {
    return connection(report, "192.168.100.200:54321", remote, probes, keepalive);
  }

  private static Report.Entry connection(
      Report report, String local, String remote, int probes, String keepalive) {
    Report.Entry one = report.add("connection").add("local", local);
    one.add("remote", remote).add("role", "client").add("state", "ESTABLISHED");
    one.add("keepalive", keepalive).add("idle", 20).add("intvl", 5).add("cnt", 3);
    one.add("user-timeout-ms", 35_000).add("probes", probes).add("retransmits", 0);
    return one.add("rule", null).add("age-s", 7_300).add("opened-by", OPENER);
  }

  /** All that a status has, with numbers as large as they get. */
  private static Report full() {
    Report report = Report.ok();
    Report.Entry agent = report.add("agent").add("version", "0.1.0").add("settings", "idle=20s");
    agent.add("source", "agent arguments, /etc/hb-agent/hb-agent.properties");
    agent.add("keepalive", "on");
    agent.add("idle", 20).add("intvl", 5).add("cnt", 3).add("user-timeout-ms", 35_000);
    agent.add("dead-after", 35).add("conflict", "enforce").add("self-test", "ok");
    Report.Entry counters =
        report.add("counters").add("connected", 1_234_567).add("accepted", 7_654_321);
    counters.add("swept", 0).add("reapplied", 1000).add("respected", 1000).add("failures", 0);
    report.add("verified").add("client", "ok").add("server", "pending");
    Report.Entry watchdog =
        report.add("watchdog").add("half-open-now", 12).add("half-open-ever", 120);
    watchdog.add("unanswered-probes", 100).add("unacknowledged-data", 20).add("longest-ms", 35_001);
    watchdog.add("recovered", 60).add("dead-timeout", 50).add("dead-reset", 10).add("closed", 0);
    watchdog.add("half-closed", 3);
    return report;
  }

  private static String first(String text, String part) {
    return text.lines().filter(line -> line.contains(part)).findFirst().orElseThrow();
  }

  @Test
  void worstFirstAndWithin80Columns() {
    Report report = full();
    connection(report, "10.20.0.5:5432", 0, "on");
    connection(report, "10.20.0.6:5432", 0, "off");
    connection(report, "10.20.0.7:5432", 2, "on");
    String text = StatusText.of("JVM 1 (App)", report, false, 80);
    List<String> rows = text.lines().filter(line -> line.contains("54321 > ")).toList();
    assertEquals(3, rows.size(), text);
    assertTrue(rows.get(0).contains("10.20.0.7"), text);
    assertTrue(rows.get(1).contains("10.20.0.6"), text);
    assertTrue(rows.get(2).contains("10.20.0.5"), text);
    assertTrue(text.lines().allMatch(line -> line.length() <= 80), text);
    assertTrue(rows.get(2).matches(".* ESTAB +20/5/3 +35s +0 +0 +2h01 +http-nio.*"), text);
  }

  /** The longest IPv4 there is, a user timeout and a rule: all stays but the opener. */
  @Test
  void longestAddressesKeepWhatCounts() {
    Report report = full();
    Report.Entry rule = report.add("rule").add("name", "reporting-database").add("keepalive", "on");
    rule.add("idle", 60).add("intvl", 10).add("cnt", 3).add("dead-after", 90);
    connection(report, "192.168.100.201:65432", 2, "on").add("rule", "reporting-database");
    String text = StatusText.of("JVM 1 (App)", report, false, 80);
    assertTrue(text.lines().allMatch(line -> line.length() <= 80), text);
    String row = first(text, ":65432");
    assertTrue(row.contains(" ESTAB 20/5/3 35s 2 0 2h01 report"), text);
    assertTrue(row.endsWith("+"), "it shows that something was cut: " + text);
    String wide = StatusText.of("JVM 1 (App)", report, false, Integer.MAX_VALUE);
    assertTrue(first(wide, ":65432").endsWith(" reporting-database " + OPENER), wide);
  }

  /** Names that clear the screen, ring, overwrite or begin a line stay in their column. */
  @Test
  void namesOfTheTargetDoNotReachTheTerminal() {
    Report report = full();
    report.add("warning").add("text", "x");
    Report.Entry rule = report.add("rule").add("name", "r\u001b[2J").add("keepalive", "off");
    connection(report, "10.20.0.5:5432", 0, "on").add("opened-by", "a\r\n\u0007\u009b2Jb");
    connection(report, "10.20.0.6:5432", 0, "on").add("rule", rule.text("name"));
    String text = StatusText.of("JVM 1 (App)", Report.parse(report.toString()), false, 200);
    assertTrue(text.replace("\n", "").matches("[ -~]*"), text);
    assertTrue(text.contains(" a\\u000d\\u000a\\u0007\\u009b2Jb\n"), text);
    assertTrue(text.contains(" r\\u001b[2J "), text);
    String heads = first(text, "OPENED BY");
    text.lines()
        .filter(line -> line.contains(" > 10.20."))
        .forEach(line -> assertEquals(' ', line.charAt(heads.indexOf("OPENED BY") - 1), text));
  }

  @Test
  void usualAddressesKeepTheOpener() {
    Report report = full();
    connection(report, "10.20.0.5:54321", "10.20.0.7:5432", 0, "on");
    String text = StatusText.of("JVM 1 (App)", report, false, 80);
    assertTrue(first(text, "5432 ").contains("http-nio-8080"), text);
    assertFalse(text.contains("RULE"), "there are none");
  }

  @Test
  void logIsShownWhenItsLinesAreNotWritten() {
    Report report = full();
    assertFalse(StatusText.of("JVM 1 (App)", report, false, 80).contains("log:"), "all is well");
    Report.Entry counters = report.first("counters").add("log-dropped", 0);
    counters.add("log-problem", "a write has not returned for 12 s");
    String text = StatusText.of("JVM 1 (App)", report, false, 80);
    assertTrue(
        first(text, "log: ").endsWith(" 0 lines dropped; now: a write has not returned for 12 s"),
        text);
  }

  @Test
  void screenHoldsTheWorst() {
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 30; i++) {
      lines.append("line ").append(i).append('\n');
    }
    String top = StatusText.top(lines.toString(), 24);
    assertTrue(top.startsWith("line 1\n"), top);
    assertTrue(top.endsWith("line 22\n... 8 lines more\n"), top);
    assertEquals(lines.toString(), StatusText.top(lines.toString(), 32));
    assertEquals(lines.toString(), StatusText.top(lines.toString(), Integer.MAX_VALUE));
  }

  @Test
  void sizeOfTheTerminal() {
    assertEquals(List.of(50, 132), size("50 132\n"));
    assertEquals(List.of(Integer.MAX_VALUE, 80), size("0 0\n"), "a serial line does not know");
    assertEquals(List.of(Integer.MAX_VALUE, 80), size("stty: standard input: Inappropriate ioctl"));
    assertEquals(List.of(Integer.MAX_VALUE, 80), size(""));
  }

  private static List<Integer> size(String text) {
    int[] size = Terminal.parse(text);
    return List.of(size[0], size[1]);
  }

  @Test
  void agesAreShort() {
    assertEquals("119s", StatusText.age(119));
    assertEquals("2m", StatusText.age(120));
    assertEquals("2h00", StatusText.age(7200));
    assertEquals("2d", StatusText.age(172_800));
  }
}
