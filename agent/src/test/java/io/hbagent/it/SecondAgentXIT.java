package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Another agent beside ours, given before it or after. */
class SecondAgentXIT {

  @TempDir Path folder;

  private Path second;

  @BeforeEach
  void build() throws IOException {
    second = SecondAgentJar.build(folder);
  }

  @TestFactory
  Stream<DynamicTest> before() {
    return Jdk.each(
        jdk -> {
          for (String kind : List.of("copy", "nop", "advice")) {
            check(new Jvm(jdk).agent(second, kind).agent(ProbeRun.OPTIONS));
          }
        });
  }

  /** The classes of sockets are loaded, and in use, when ours comes. */
  @TestFactory
  Stream<DynamicTest> socketsBefore() {
    return Jdk.each(
        jdk -> {
          ProbeRun run =
              new Jvm(jdk)
                  .agent(second, "socket")
                  .agent(ProbeRun.OPTIONS)
                  .probe("--families=4", "--threads=platform", "tcp");
          run.all(ProbeRun.POLICY).noFailures();
          run.check(
              run.forked().err().stream().anyMatch(line -> line.startsWith("second agent: ")),
              "the second agent at work");
        });
  }

  /** A class of ours may be there by the time the JVM has shown it to the other agent. */
  @TestFactory
  Stream<DynamicTest> loadsOurClassesWhileTheyAreBeingDefined() {
    return Jdk.each(
        jdk -> {
          Jvm before = new Jvm(jdk).agent(second, "reflect").agent(ProbeRun.OPTIONS);
          Jvm after = new Jvm(jdk).agent(ProbeRun.OPTIONS).agent(second, "reflect");
          for (Jvm jvm : List.of(before, after)) {
            try (Forked forked =
                jvm.start("--families=4", "--threads=platform", "transport-told")) {
              forked.awaitErr(0, StartLine::isStart);
              forked.awaitErr(0, line -> line.startsWith("second agent: has loaded io/hbagent/"));
              forked.send("now");
              new ProbeRun(forked, forked.exit()).all(ProbeRun.POLICY).noFailures();
            }
          }
          try (AttachTargetApp app =
              AttachTargetApp.start(jdk, "-javaagent:" + second + "=reflect")) {
            Cli.run(jdk, "attach", app.pid()).prints("attached");
            app.tell("open 1");
            Cli.run(jdk, "status", "--json", app.pid()).prints("\"failures\": 0");
            assertEquals(Set.of(true), Set.copyOf(Ss.keepalive(app.port()).values()));
            Cli.run(jdk, "detach", app.pid()).prints("detached");
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> hasLoadedANativeTransportAndNoSocketOfTheJdk() {
    return Jdk.each(
        jdk -> {
          Jvm jvm = new Jvm(jdk).agent(second, "transport").agent(ProbeRun.OPTIONS);
          try (Forked forked = jvm.start("--families=4", "--threads=platform", "transport-told")) {
            forked.awaitErr(0, line -> line.startsWith("second agent: has io."));
            forked.awaitErr(0, StartLine::isStart);
            forked.send("now");
            new ProbeRun(forked, forked.exit()).all(ProbeRun.POLICY).noFailures();
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> after() {
    return Jdk.each(
        jdk -> {
          for (String kind : List.of("copy", "nop", "advice")) {
            check(new Jvm(jdk).agent(ProbeRun.OPTIONS).agent(second, kind));
          }
        });
  }

  private static void check(Jvm jvm) throws IOException, InterruptedException {
    ProbeRun run = jvm.probe("--families=4", "--threads=platform", "tcp").all(ProbeRun.POLICY);
    run.noFailures();
    List<String> said =
        run.forked().err().stream().filter(line -> line.startsWith("second agent: ")).toList();
    // As many were transformed as it found, or it has tested nothing.
    run.check(
        said.size() == 1
            && said.get(0).matches("second agent: ([4-9]) classes, ([4-9]|1\\d) transformed"),
        "the second agent at work");
  }

  /** Both together leave the application's own calls where conflict=enforce wants them. */
  @TestFactory
  Stream<DynamicTest> conflict() {
    return Jdk.each(
        jdk ->
            new Jvm(jdk)
                .agent(ProbeRun.OPTIONS)
                .agent(second, "nop")
                .probe("--families=4", "--threads=platform", "conflict")
                .all(ProbeRun.POLICY)
                .noFailures());
  }
}
