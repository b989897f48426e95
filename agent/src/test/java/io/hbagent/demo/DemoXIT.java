package io.hbagent.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code testapp/demo} and {@code testapp/demo compare}, in network namespaces of their own. */
class DemoXIT {
  private static final int DEMO_SECONDS = 50;
  private static final int COMPARE_SECONDS = 130;
  private static final int NO_NAMESPACES = 3;

  private static final String WAITING = "still waiting after \\d+ s";
  private static final String KERNEL = "\\d+\\.\\d s, kernel";
  private static final String APPLICATION = "\\d+\\.\\d s, application";

  @TempDir Path folder;

  /** What one run left. */
  private record Run(int exit, String output) {
    Matcher line(String regex) {
      Matcher matcher = Pattern.compile("(?m)^" + regex + "$").matcher(output);
      assertTrue(matcher.find(), () -> "no line '" + regex + "' in:\n" + output);
      return matcher;
    }

    /** Bytes a minute of the client that fared like this. */
    int row(String client, String cut, String stopped, String lines) {
      String regex =
          "  %s +%s +%s +(\\d+) +%s".formatted(Pattern.quote(client), cut, stopped, lines);
      return Integer.parseInt(line(regex).group(1));
    }
  }

  @BeforeEach
  void once() {
    assumeTrue(
        System.getProperty("jdk.homes", "").isBlank(),
        "the demo runs on the JDK of the build only");
  }

  @Test
  void keepaliveWithTheAgentOnly() throws Exception {
    Run run = demo(DEMO_SECONDS);
    assertEquals(0, run.exit(), run::output);
    run.line("  without agent +client .* none");
    run.line("  with hb-agent +client .* keepalive,.*");
    assumeFalse(run.output().contains("is skipped: "), "no network namespaces here");
    run.line("  without agent +still hanging after 15 s");
    run.line("  with hb-agent +noticed after \\d\\.\\d s \\(Connection timed out\\)");
  }

  @Test
  void keepaliveKnowsTheNetworkAndAHeartbeatTheService() throws Exception {
    Run run = demo(COMPARE_SECONDS, "compare", "--idle=2", "--intvl=1", "--cnt=3");
    assumeTrue(run.exit() != NO_NAMESPACES, "no network namespaces here");
    assertEquals(0, run.exit(), run::output);
    String some = "[1-9]\\d+";
    int plain = run.row("plain client", WAITING, WAITING, "0");
    int pingpong = run.row("pingpong", APPLICATION, APPLICATION, some);
    int heartbeat = run.row("heartbeat", APPLICATION, APPLICATION, some);
    int agent = run.row("plain client + hb-agent", KERNEL, WAITING, "0");
    // At the same pace either may be the first to know of the network.
    int both = run.row("pingpong + hb-agent", "\\d+\\.\\d s, \\w+", APPLICATION, some);
    int slow = run.row("slow pingpong + hb-agent", KERNEL, APPLICATION, some);
    assertEquals(0, plain, run::output);
    assertTrue(0 < agent && agent < heartbeat && heartbeat < pingpong, run::output);
    assertTrue(agent < slow && slow < both, run::output);
  }

  private Run demo(int seconds, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("../testapp/demo"));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    for (String name :
        List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "HB_AGENT_OPTIONS")) {
      builder.environment().remove(name);
    }
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
      String printed = Files.readString(output);
      assertTrue(ended, () -> "still runs after " + seconds + " s:\n" + printed);
      return new Run(process.exitValue(), printed);
    } finally {
      // SIGTERM: it stops what it has started, in the namespaces too.
      process.destroy();
      process.waitFor(10, TimeUnit.SECONDS);
    }
  }
}
