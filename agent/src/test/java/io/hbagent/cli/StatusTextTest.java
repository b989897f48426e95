package io.hbagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.control.Record;
import io.hbagent.control.Report;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTextTest {

  private static Record connection(Report report, String remote, int probes, String keepalive) {
    Record one = report.add("connection").add("local", "192.168.100.200:54321");
    one.add("remote", remote).add("role", "client").add("state", "ESTABLISHED");
    one.add("keepalive", keepalive).add("idle", 20).add("intvl", 5).add("cnt", 3);
    return one.add("user-timeout-ms", 0).add("probes", probes).add("retransmits", 0);
  }

  @Test
  void worstFirstAndWithin80Columns() {
    Report report = Report.ok();
    connection(report, "10.20.0.5:5432", 0, "on");
    connection(report, "10.20.0.6:5432", 0, "off");
    connection(report, "10.20.0.7:5432", 2, "on");
    String text = StatusText.of("JVM 1 (App)", report);
    List<String> rows = text.lines().filter(line -> line.contains(" > ")).toList();
    assertTrue(rows.get(0).contains("10.20.0.7"), text);
    assertTrue(rows.get(1).contains("10.20.0.6"), text);
    assertTrue(rows.get(2).contains("10.20.0.5"), text);
    assertTrue(text.lines().allMatch(line -> line.length() <= 80), text);
  }

  @Test
  void agesAreShort() {
    assertEquals("119s", StatusText.age(119));
    assertEquals("2m", StatusText.age(120));
    assertEquals("2h00", StatusText.age(7200));
    assertEquals("2d", StatusText.age(172_800));
  }

  @Test
  void mainClassIsFoundBehindOptions() {
    assertEquals("a.B", Jvm.main(List.of("java", "-cp", "x.jar", "-Xmx1g", "a.B", "-c")));
    assertEquals("app.jar", Jvm.main(List.of("java", "-Da=b", "-jar", "app.jar")));
    assertEquals("", Jvm.main(List.of()));
  }
}
