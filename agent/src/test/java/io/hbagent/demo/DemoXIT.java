package io.hbagent.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hbagent.demo.Demo.Run;
import io.hbagent.it.SteadyMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** {@code testapp/demo} and {@code testapp/demo compare}, in network namespaces of their own. */
@ExtendWith(SteadyMachine.class)
class DemoXIT {
  private static final int DEMO_SECONDS = 150;
  private static final int COMPARE_SECONDS = 300;
  private static final int TERMINAL = 80;

  private static final String WAITING = "waiting after \\d+ s";
  private static final String KERNEL = "\\d+\\.\\d s, kernel";
  private static final String APPLICATION = "\\d+\\.\\d s, application";

  /** A row of the table that compare prints: its columns have fixed widths. */
  private static final Pattern ROW =
      Pattern.compile("(?m)^  (\\w.{23}) (.{19}) (.{19}) +(\\d+) +(\\d+)$");

  @TempDir Path folder;

  @BeforeEach
  void once() {
    Demo.onceOnly();
  }

  @Test
  void keepaliveWithTheAgentOnly() throws Exception {
    Run run;
    try (Demo demo = Demo.start(folder, "")) {
      run = demo.ends(DEMO_SECONDS);
    }
    assertEquals(0, run.exit(), run::output);
    run.line("  without agent +client .* none");
    run.line("  with hb-agent +client .* keepalive,.*");
    assertTrue(run.widest() <= TERMINAL, run::output);
    assumeFalse(run.output().contains("is skipped: "), "no network namespaces here");
    run.line("  without agent +still hanging after 15 s");
    run.line("  with hb-agent +noticed after \\d\\.\\d s \\(Connection timed out\\)");
  }

  @Test
  void keepaliveKnowsTheNetworkAndAHeartbeatTheService() throws Exception {
    Run run;
    try (Demo demo =
        Demo.start(
            folder, "", "compare", "--idle=2", "--intvl=1", "--cnt=3", "--write=" + folder)) {
      run = demo.ends(COMPARE_SECONDS);
    }
    assumeTrue(run.exit() != Demo.NO_NAMESPACES, "no network namespaces here");
    assertEquals(0, run.exit(), run::output);
    String some = "[1-9]\\d+";
    int plain = row(run, "plain client", WAITING, WAITING, "0");
    int pingpong = row(run, "pingpong", APPLICATION, APPLICATION, some);
    int heartbeat = row(run, "heartbeat", APPLICATION, APPLICATION, some);
    int agent = row(run, "plain client + hb-agent", KERNEL, WAITING, "0");
    // At the same pace either may be the first to detect the dead network.
    int both = row(run, "pingpong + hb-agent", "\\d+\\.\\d s, \\w+", APPLICATION, some);
    int slow = row(run, "slow pingpong + hb-agent", KERNEL, APPLICATION, some);
    assertEquals(0, plain, run::output);
    assertTrue(0 < agent && agent < heartbeat && heartbeat < pingpong, run::output);
    assertTrue(agent < slow && slow < both, run::output);
    assertTrue(run.widest() <= TERMINAL, run::output);
    pageAndPictureSayWhatTheTerminalSaid(run);
  }

  private void pageAndPictureSayWhatTheTerminalSaid(Run run) throws Exception {
    List<String> rows = ROW.matcher(run.output()).results().map(DemoXIT::rowOfPage).toList();
    assertEquals(6, rows.size(), run::output);
    String page = Files.readString(folder.resolve("compare.md"));
    String table = String.join("\n", rows);
    assertTrue(page.contains(table), () -> table + "\nis not in:\n" + page);
    NodeList bars =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(folder.resolve("compare.svg").toFile())
            .getElementsByTagName("rect");
    // One of each is in the legend.
    assertEquals(1 + count(table, ", kernel"), ofClass(bars, "kernel"));
    assertEquals(1 + count(table, ", application"), ofClass(bars, "application"));
    assertEquals(1 + count(table, "waiting after"), ofClass(bars, "waiting"));
    assertEquals(6, ofClass(bars, "bytes"));
  }

  private static String rowOfPage(MatchResult row) {
    return IntStream.rangeClosed(1, row.groupCount())
        .mapToObj(i -> row.group(i).strip().replace("waiting after", "still waiting after"))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static long count(String text, String part) {
    return Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
  }

  private static long ofClass(NodeList elements, String name) {
    return IntStream.range(0, elements.getLength())
        .filter(i -> ((Element) elements.item(i)).getAttribute("class").equals(name))
        .count();
  }

  /** Returns the bytes a minute of the client with this row. */
  private static int row(Run run, String client, String cut, String stopped, String lines) {
    String regex = "  %s +%s +%s +(\\d+) +%s".formatted(Pattern.quote(client), cut, stopped, lines);
    return Integer.parseInt(run.line(regex).group(1));
  }
}
