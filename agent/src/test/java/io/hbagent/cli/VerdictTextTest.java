package io.hbagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.control.Report;
import io.hbagent.diagnose.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTextTest {

  private final List<Report.Entry> connections = new ArrayList<>();

  private Report.Entry add(String role, String local, String remote, Verdict verdict, long since) {
    Report.Entry one = new Report.Entry("connection").add("fd", 33);
    one.add("role", role).add("local", local).add("remote", remote).add("verdict", verdict);
    one.add("since-ms", since < 0 ? null : since).add("evidence", "so many bytes").add("rtt-us", 7);
    connections.add(one);
    return one;
  }

  @Test
  void oneParagraphForAPeerTheWorstFirst() {
    add("client", "10.0.0.1:4000", "10.0.0.9:80", Verdict.IDLE_AND_HEALTHY, 1);
    add("client", "10.0.0.1:4004", "10.0.0.9:80", Verdict.CONNECTING, -1);
    add("client", "10.0.0.1:4001", "10.0.0.7:80", Verdict.SERVICE_DOES_NOT_ANSWER, 45_000);
    add("client", "10.0.0.1:4002", "10.0.0.7:80", Verdict.SERVICE_DOES_NOT_ANSWER, 50_000)
        .add("reader", "exec-7");
    add("server", "10.0.0.1:8080", "10.0.0.2:4000", Verdict.WE_DO_NOT_CLOSE, 1_000);
    add("server", "10.0.0.1:8080", "10.0.0.2:4001", Verdict.WE_DO_NOT_CLOSE, 2_000);
    add("client", "10.0.0.1:4003", "10.0.0.9:80", Verdict.ACTIVE, 1);
    add("client", "10.0.0.1:4005", "10.0.0.9:80", Verdict.ACTIVE, 1);
    assertEquals(
        """
          SERVICE DOES NOT ANSWER for 50 s, 2 connections to 10.0.0.7:80
              the worst: so many bytes; reader=exec-7
          CONNECTING 1 connection to 10.0.0.9:80
              so many bytes
          WE DO NOT CLOSE for 2.0 s, 2 connections from 10.0.0.2 to our port 8080
              the worst: so many bytes
          1 idle and healthy, 2 active
        """,
        VerdictText.of(connections, false, 80));
  }

  @Test
  void verboseShowsTheNumbersOfEach() {
    add("client", "10.0.0.1:4001", "10.0.0.7:80", Verdict.NETWORK_LOST, 4_000);
    add("client", "10.0.0.1:4002", "10.0.0.7:80", Verdict.NETWORK_LOST, 5_000);
    assertEquals(
        """
          NETWORK LOST for 5.0 s, 2 connections to 10.0.0.7:80
              fd=33 10.0.0.1:4002 > 10.0.0.7:80 for 5.0 s, so many bytes
                rtt-us=7
              fd=33 10.0.0.1:4001 > 10.0.0.7:80 for 4.0 s, so many bytes
                rtt-us=7
        """,
        VerdictText.of(connections, true, 80));
  }

  /** An agent of another version may have no verdicts, or others. */
  @Test
  void anotherVersion() {
    add("client", "10.0.0.1:4001", "10.0.0.7:80", null, -1);
    add("client", "10.0.0.1:4001", "10.0.0.7:80", null, -1).add("verdict", "doubtful");
    assertEquals("", VerdictText.of(connections, true, 80));
  }

  @Test
  void nothingIsWiderThanTheScreen() {
    add("server", "[2001:db8::1]:8080", "[2001:db8::2]:4000", Verdict.HALF_OPEN, 5_000)
        .add("evidence", "one two three four five six seven eight nine ten eleven twelve");
    String text = VerdictText.of(connections, false, 40);
    assertTrue(text.lines().allMatch(line -> line.length() <= 40), text);
    assertTrue(text.contains("[2001:db8::2]"), text);
  }
}
