package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Sources of options, their precedence, and their effects in a JVM. */
class SettingsXIT {

  private static final String[] APP = {"--families=4", "--threads=platform", "socket-connect"};

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> defaults() {
    return Jdk.each(
        jdk ->
            new Jvm(jdk)
                .agent("")
                .probe(APP)
                .all("keepalive=1 idle=20 intvl=5 cnt=3 user-timeout=0")
                .noFailures());
  }

  @TestFactory
  Stream<DynamicTest> argumentsOverEnvironmentOverFileOverDefaults() throws Exception {
    Path file = Text.write(folder.resolve("file.properties"), "idle = 11", "intvl = 12");
    return Jdk.each(
        jdk ->
            new Jvm(jdk)
                .agent("config=" + file + ",idle=2m")
                .environment("HB_AGENT_OPTIONS", "idle=21,intvl=22s")
                .probe(APP)
                .all("keepalive=1 idle=120 intvl=22 cnt=3 user-timeout=0")
                .noFailures());
  }

  @TestFactory
  Stream<DynamicTest> fileNamedByTheEnvironment() throws Exception {
    Path file = Text.write(folder.resolve("named.properties"), "idle = 11", "cnt = 127");
    return Jdk.each(
        jdk ->
            new Jvm(jdk)
                .agent("")
                .environment("HB_AGENT_OPTIONS", "config=" + file)
                .probe(APP)
                .all("keepalive=1 idle=11 intvl=5 cnt=127 user-timeout=0")
                .noFailures());
  }

  @TestFactory
  Stream<DynamicTest> fileBesideTheJar() throws Exception {
    Path jar = Files.copy(Jvm.AGENT, folder.resolve("hb-agent.jar"));
    Text.write(folder.resolve("hb-agent.properties"), "idle = 13", "intvl = 14", "cnt = 4");
    Path other = Text.write(folder.resolve("other.properties"), "idle = 15");
    return Jdk.each(
        jdk -> {
          new Jvm(jdk)
              .agent(jar, "cnt=6")
              .probe(APP)
              .all("keepalive=1 idle=13 intvl=14 cnt=6 user-timeout=0");
          // config= names another one: the one beside the jar is not read then.
          new Jvm(jdk)
              .agent(jar, "config=" + other)
              .probe(APP)
              .all("keepalive=1 idle=15 intvl=5 cnt=3 user-timeout=0");
        });
  }

  @TestFactory
  Stream<DynamicTest> toolOptions() {
    return Jdk.each(
        jdk -> {
          String option = "-javaagent:" + Jvm.AGENT + "=" + ProbeRun.OPTIONS;
          ProbeRun run =
              new Jvm(jdk).environment("JAVA_TOOL_OPTIONS", option).probe(APP).all(ProbeRun.POLICY);
          run.noFailures();
          List<String> err = run.forked().err();
          run.check(err.contains("Picked up JAVA_TOOL_OPTIONS: " + option), "the JVM's own line");
          run.check(
              err.stream().filter(line -> !StartLine.isStart(line)).count() == 1, "no other line");
        });
  }

  @TestFactory
  Stream<DynamicTest> disabledIsInert() {
    return Jdk.each(
        jdk -> {
          ProbeRun without = new Jvm(jdk).probe(APP);
          ProbeRun run = new Jvm(jdk).agent("enabled=false,idle=5").probe(APP).noAgent();
          assertEquals(without.printed(), run.printed());
        });
  }

  @TestFactory
  Stream<DynamicTest> helpPrintsTheTableAndTheApplicationRuns() {
    return Jdk.each(
        jdk -> {
          ProbeRun without = new Jvm(jdk).probe(APP);
          ProbeRun run = new Jvm(jdk).agent("help").probe(APP).noAgent();
          assertEquals(without.printed(), run.printed());
          String table = String.join("\n", run.forked().err());
          for (String key :
              "idle intvl cnt user-timeout conflict enabled config log log-level strict help rules"
                  .split(" ", -1)) {
            run.check(table.contains("\n  " + key + " "), key + " in the table");
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> startLine() {
    return Jdk.each(
        jdk -> {
          try (Forked app = new Jvm(jdk).agent(ProbeRun.OPTIONS).start("session")) {
            String line = app.awaitErr(0, StartLine::isStart);
            assertEquals("5s", StartLine.field(line, "idle"), line);
            assertEquals("5s", StartLine.field(line, "intvl"), line);
            assertEquals("3", StartLine.field(line, "cnt"), line);
            assertEquals("20s", StartLine.field(line, "dead-after"), line);
            assertEquals("pending", StartLine.field(line, "self-test"), line);
            String[] hooks = StartLine.field(line, "hooks").split("/", -1);
            assertEquals(hooks[1], hooks[0], line);
            app.closeInput();
            assertEquals(0, app.exit());
            assertEquals(List.of(line), app.err(), "that line and no other");
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> logFile() {
    return Jdk.each(
        jdk -> {
          Path log = folder.resolve(jdk.version() + ".log");
          try (Forked app = new Jvm(jdk).agent("log=" + log + ",idle=7").start("session")) {
            String line = Waiting.forValue(app, () -> startLineIn(log));
            assertEquals("7s", StartLine.field(line, "idle"), line);
            app.closeInput();
            assertEquals(0, app.exit());
            assertEquals(List.of(), app.err(), "nothing on standard error");
          }
        });
  }

  private static String startLineIn(Path log) throws IOException {
    if (!Files.exists(log)) {
      return null;
    }
    return Files.readAllLines(log).stream().filter(StartLine::isStart).findFirst().orElse(null);
  }

  @TestFactory
  Stream<DynamicTest> userTimeoutDerivedAndFixedWithItsWarning() {
    return Jdk.each(
        jdk -> {
          userTimeout(jdk, "derived", 20_000);
          userTimeout(jdk, "7s", 7000);
        });
  }

  private static void userTimeout(Jdk jdk, String value, int millis) throws Exception {
    String options = ProbeRun.OPTIONS + ",user-timeout=" + value;
    new Jvm(jdk)
        .agent(options)
        .probe("--threads=platform", "socket-connect", "channel-connect", "async-connect-future")
        .all("keepalive=1 idle=5 intvl=5 cnt=3 user-timeout=" + millis)
        .noFailures();
    try (Forked app = new Jvm(jdk).agent(options).start("session")) {
      app.awaitErr(0, line -> line.contains("level=warn") && line.contains("does not read"));
    }
  }
}
