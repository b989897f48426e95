package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Unusual starts: the flag given twice, a path with special characters, an application that fails
 * at once, a JVM with few modules.
 */
class UnusualStartXIT {

  private static final String[] APP = {"--families=4", "--threads=platform", "socket-connect"};
  private static final String SECOND_IGNORED = "hb-agent: is in this JVM already";

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> twiceIsTheFirst() {
    return Jdk.each(
        jdk -> {
          ProbeRun run = new Jvm(jdk).agent(ProbeRun.OPTIONS).agent("idle=9").probe(APP);
          run.all(ProbeRun.POLICY).noFailures();
          List<String> lines =
              run.forked().err().stream().filter(line -> !StartLine.isStart(line)).toList();
          run.check(lines.size() == 1 && lines.get(0).startsWith(SECOND_IGNORED), SECOND_IGNORED);
        });
  }

  @TestFactory
  Stream<DynamicTest> jarInAPathWithBlanksAndUmlauts() throws IOException {
    Path odd = Files.createDirectory(folder.resolve("a b%20+\u00fc"));
    Path jar = Files.copy(Jvm.AGENT, odd.resolve("hb agent#1.jar"));
    Text.write(odd.resolve("hb-agent.properties"), "idle = 13");
    return Jdk.each(
        jdk -> {
          assumeTrue(namesFilesInUtf8(jdk), jdk + " runs where there is no locale C.UTF-8");
          new Jvm(jdk)
              .agent(jar, "intvl=6")
              // Otherwise the JVM itself cannot open such a path.
              .environment("LC_ALL", "C.UTF-8")
              .probe(APP)
              .all("keepalive=1 idle=13 intvl=6 cnt=3 user-timeout=0")
              .noFailures();
        });
  }

  private static boolean namesFilesInUtf8(Jdk jdk) throws Exception {
    List<String> command = new ArrayList<>(jdk.command());
    command.addAll(List.of("-XshowSettings:properties", "-version"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C.UTF-8");
    try (Forked java = new Forked(builder)) {
      assertEquals(0, java.exit(), () -> java.describe("shows its properties"));
      return java.err().stream().anyMatch(line -> line.contains("sun.jnu.encoding = UTF-8"));
    }
  }

  /** Main throws while the agent is still weaving. */
  @TestFactory
  Stream<DynamicTest> applicationThatFailsAtOnce() {
    return Jdk.each(
        jdk -> {
          ProbeRun without = new Jvm(jdk).run("nonexistent");
          ProbeRun run = new Jvm(jdk).agent(ProbeRun.OPTIONS).run("nonexistent");
          without.check(without.exit() != 0, "a failure");
          assertEquals(without.exit(), run.exit());
          assertEquals(
              String.join("\n", without.forked().err()),
              StartLine.cutOut(run.forked().err()),
              run.forked().describe("the same trace"));
        });
  }

  /**
   * As in a minimal runtime image: java.base, and java.instrument, which any agent needs. No
   * logging, management or flight recorder.
   */
  @TestFactory
  Stream<DynamicTest> fewModules() {
    return Jdk.each(jdk -> jdk.version() >= 9, this::fewModules);
  }

  private void fewModules(Jdk jdk) throws Exception {
    Path file = Text.write(folder.resolve(jdk.version() + ".properties"), "idle = 5");
    try (Session session =
        new Session(
            new Jvm(jdk)
                .option("--limit-modules=java.base,java.instrument")
                .agent("config=" + file + ",watchdog=100ms"))) {
      String start = session.app().awaitErr(0, StartLine::isStart);
      assertEquals("pending", StartLine.field(start, "self-test"), start);
      String wanted = "keepalive=1 idle=%d intvl=5 cnt=3 user-timeout=0";
      assertEquals(wanted.formatted(5), session.both("open one 127.0.0.1 0"));
      // Both threads of the agent work: the changed file is noticed, and so is a closed connection.
      Text.write(file, "idle = 6");
      session.app().awaitErr(1, line -> line.contains(" event=reloaded "));
      assertEquals(wanted.formatted(6), session.both("read one"));
      session.command("close one");
      session.end();
      assertEquals(2, session.app().err().size(), session.app().describe("those lines only"));
    }
  }
}
