package io.hbagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.config.SettingsReader;
import io.hbagent.control.ClassArchive;
import io.hbagent.control.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What options mean, rule by rule. */
class ExplainTest {

  private static final String KERNEL =
      "  data that stays unacknowledged is given up after some 15 minutes, by the kernel's own rule";

  @TempDir Path folder;

  private static List<String> explain(String options) throws Exception {
    return ExplainCommand.text(SettingsReader.read(options, null, null)).lines().toList();
  }

  /** The lines from one on, up to the next empty line. */
  private static List<String> part(List<String> lines, String from) {
    int at = lines.indexOf(from);
    assertTrue(at >= 0, lines::toString);
    return lines.subList(at + 1, lines.size()).stream().takeWhile(l -> !l.isEmpty()).toList();
  }

  private List<String> rules() throws Exception {
    Path file = folder.resolve("rules.properties");
    Files.writeString(
        file,
        """
        idle = 30
        rules = health, db, far, slow
        rule.health.local = :8080
        rule.health.role = server
        rule.health.keepalive = off
        rule.db.remote = 10.20.0.0/16:5432, *:6432
        rule.db.idle = 60
        rule.db.intvl = 10
        rule.db.user-timeout = derived
        rule.far.role = client
        rule.far.idle = 400
        rule.far.user-timeout = 10s
        rule.slow.local = :1
        rule.slow.idle = 4h
        rule.slow.user-timeout = adaptive
        """);
    return explain("config=" + file);
  }

  @Test
  void eachRuleInItsOrderWithWhatItMatches() throws Exception {
    assertEquals(
        List.of(
            "rule health role=server local=:8080",
            "rule db remote=10.20.0.0/16:5432, *:6432",
            "rule far role=client",
            "rule slow local=:1",
            "every other connection"),
        rules().stream().filter(line -> line.matches("(rule|every) .*")).toList());
  }

  @Test
  void detectionAndTraffic() throws Exception {
    List<String> lines = rules();
    assertEquals(
        List.of("  keepalive=off: left as the application has it"),
        part(lines, "rule health role=server local=:8080"));
    assertEquals(
        List.of(
            "  idle=60s intvl=10s cnt=3 user-timeout=90s",
            "  a dead peer is found after 90 s of silence",
            "  data that stays unacknowledged is given up after 90s",
            "  an idle connection costs 120 packets an hour (a probe and its answer every 60 s)"),
        part(lines, "rule db remote=10.20.0.0/16:5432, *:6432"));
    assertEquals(
        List.of(
            "  idle=30s intvl=5s cnt=3",
            "  a dead peer is found after 45 s of silence",
            KERNEL,
            "  an idle connection costs 240 packets an hour (a probe and its answer every 30 s)"),
        part(lines, "every other connection"));
  }

  /** In the part of the rule they are about. */
  @Test
  void warnings() throws Exception {
    List<String> lines = rules();
    List<String> far = part(lines, "rule far role=client");
    assertEquals(
        List.of(
            "  idle=400s intvl=5s cnt=3 user-timeout=10s",
            "  a dead peer is found after 405 s of silence",
            "  data that stays unacknowledged is given up after 10s",
            "  an idle connection costs 18 packets an hour (a probe and its answer every 400 s)"),
        far.subList(0, 4));
    assertTrue(far.get(4).startsWith("  warning: user-timeout contradicts cnt: "), far::toString);
    assertTrue(far.get(4).contains("gives up after 405 s instead of 415 s"), far::toString);
    assertTrue(far.get(5).contains("an Azure load balancer (240 s)"), far::toString);
    assertTrue(far.get(6).contains("an AWS NLB or EC2 connection tracking (350 s)"), far::toString);
    assertEquals(7, far.size(), "400 s are below the timeout of Google Cloud");
    List<String> slow = part(lines, "rule slow local=:1");
    assertTrue(slow.get(0).endsWith(" user-timeout=adaptive"), slow::toString);
    assertEquals(3, slow.stream().filter(line -> line.contains("idle timeout of ")).count());
    assertEquals(
        5, lines.stream().filter(line -> line.startsWith("  warning: ")).count() - 1, "elsewhere");
  }

  @Test
  void contentsOfAFileAreEscaped() throws Exception {
    Path file = folder.resolve("escapes.properties");
    Files.writeString(
        file,
        """
        log = a\u001b[2J
        rules = a\u0007b
        rule.a\u0007b.role = client
        rule.a\u0007b.user-timeout = 10s
        """);
    String text = String.join("", explain("config=" + file));
    assertTrue(text.matches("[ -~]*"), text);
    assertTrue(text.contains("rule a\\u0007b role=client"), text);
    assertTrue(text.contains("log=a\\u001b[2J,"), text);
  }

  @Test
  void packetsOfLongSilences() throws Exception {
    assertTrue(
        explain("idle=7200")
            .contains(
                "  an idle connection costs 1 packet an hour (a probe and its answer every"
                    + " 7200 s)"));
    assertTrue(
        explain("idle=7201")
            .contains(
                "  an idle connection costs less than 1 packet an hour (a probe and its answer"
                    + " every 7201 s)"));
  }

  @Test
  void nothingToExplain() throws Exception {
    List<String> lines = explain("enabled=false");
    assertEquals("enabled=false: the agent does nothing", lines.get(lines.size() - 1));
    assertEquals(
        List.of("  keepalive=off: left as the application has it"),
        part(explain("keepalive=off"), "every connection"));
  }

  private static Report status(String settings, String... rule) {
    Report report = Report.ok();
    Report.Entry agent = report.add("agent").add("version", "1.0").add("settings", settings);
    agent.add("source", "the \u001bsource").add("keepalive", "on").add("idle", 7).add("intvl", 5);
    agent.add("cnt", 3).add("user-timeout-ms", 0);
    for (String name : rule) {
      report.add("rule").add("name", name).add("role", "client").add("keepalive", "off");
    }
    return report;
  }

  /** It is data of the target's user. */
  @Test
  void theOptionsOfAnAgentAtWork() throws Exception {
    Report report = status("idle=7s", "db");
    report.add("archive").add("name", "AOT cache a\u001bb").add("use", "used");
    assertEquals(
        List.of(
            "JVM 1: hb-agent 1.0",
            "settings: idle=7s",
            "from:     the \\u001bsource",
            "",
            "rule db role=client",
            "  keepalive=off: left as the application has it",
            "",
            "every other connection",
            "  idle=7s intvl=5s cnt=3",
            "  a dead peer is found after 22 s of silence",
            KERNEL,
            "  an idle connection costs 1028 packets an hour (a probe and its answer every 7 s)",
            "",
            "AOT cache a\\u001bb: used"),
        ExplainCommand.text("JVM 1: ", report).lines().toList());
    report = status("");
    report.first("agent").add("idle", 0);
    assertTrue(ExplainCommand.text("", report).contains("idle=1s"), "no division by zero");
  }

  private static String withAgent(ClassArchive.State use, String... options) {
    return ExplainCommand.withAgent(ClassArchive.of(List.of(options)), use);
  }

  @Test
  void whatAnAgentWouldDoToAnArchive() {
    String cache = "-XX:AOTCache=a";
    assertEquals("AOT cache or CDS archive: none\n", withAgent(ClassArchive.State.NONE));
    assertEquals(
        """
        AOT cache a: used
          warning: with -javaagent it would be lost: make it with --add-modules=java.instrument, or with this -javaagent
        """,
        withAgent(ClassArchive.State.USED, cache));
    assertTrue(
        withAgent(ClassArchive.State.USED, cache, "-XX:AOTMode=on")
            .contains("with -javaagent the JVM would not start: make"));
    assertEquals(
        "AOT cache a: used\n  with -javaagent: used as well\n",
        withAgent(ClassArchive.State.USED, cache, "-javaagent:other.jar"));
    assertEquals(
        "CDS archive a: used\n  with -javaagent: used as well\n",
        withAgent(ClassArchive.State.USED, "-XX:SharedArchiveFile=a"));
    assertTrue(
        withAgent(ClassArchive.State.NONE, "-XX:ArchiveClassesAtExit=a")
            .contains("does not start with -javaagent"));
    assertTrue(ExplainCommand.withAgent(null, null).contains("unknown"));
  }
}
