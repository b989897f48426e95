package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.bytebuddy.jar.asm.ClassReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Another agent beside hb-agent, before or after it on the command line. */
class SecondAgentXIT {

  @TempDir static Path folder;

  private static Path second;

  @BeforeAll
  static void build() throws IOException {
    Map<String, String> manifest =
        Map.of(
            "Premain-Class", "SecondAgent",
            "Can-Retransform-Classes", "true",
            "Class-Path", Jars.of(ClassReader.class).toUri().toString());
    second =
        Jars.build(
            folder.resolve("second-agent.jar"), manifest, SecondAgentXIT.class, "SecondAgent.java");
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

  /** The JDK's socket classes are loaded and in use when hb-agent starts. */
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

  /** The other agent's transformer loads hb-agent's classes while they are being defined. */
  @TestFactory
  Stream<DynamicTest> loadsOurClassesWhileTheyAreBeingDefined() {
    return Jdk.each(
        jdk -> {
          Jvm before = new Jvm(jdk).agent(second, "reflect").agent(ProbeRun.OPTIONS);
          Jvm after = new Jvm(jdk).agent(ProbeRun.OPTIONS).agent(second, "reflect");
          for (Jvm jvm : List.of(before, after)) {
            try (Forked forked =
                jvm.start("--families=4", "--threads=platform", "transport-on-signal")) {
              forked.awaitErr(0, StartLine::isStart);
              forked.awaitErr(0, line -> line.startsWith("second agent: has loaded io/hbagent/"));
              forked.send("now");
              new ProbeRun(forked, forked.exit()).all(ProbeRun.POLICY).noFailures();
            }
          }
          try (AttachTargetApp app =
              AttachTargetApp.start(jdk, "-javaagent:" + second + "=reflect")) {
            Cli.run(jdk, "attach", app.pid()).prints("attached");
            app.command("open 1");
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
          try (Forked forked =
              jvm.start("--families=4", "--threads=platform", "transport-on-signal")) {
            forked.awaitErr(0, line -> line.startsWith("second agent: has io."));
            forked.awaitErr(0, StartLine::isStart);
            forked.send("now");
            new ProbeRun(forked, forked.exit()).all(ProbeRun.POLICY).noFailures();
          }
        });
  }

  /** Not main, which on a busy machine may begin after the transformer was deregistered. */
  @TestFactory
  Stream<DynamicTest> loadsANativeTransportBeforeMain() {
    return Jdk.each(
        jdk -> {
          Jvm jvm = new Jvm(jdk).agent(ProbeRun.OPTIONS).agent(second, "transport");
          ProbeRun run = jvm.probe("--families=4", "--threads=platform", "transport");
          run.all(ProbeRun.POLICY).noFailures();
          run.check(run.lines().size() == 2, "both ends");
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
    List<String> lines =
        run.forked().err().stream().filter(line -> line.startsWith("second agent: ")).toList();
    // It must have transformed as many classes as it found, or nothing was tested.
    run.check(
        lines.size() == 1
            && lines.get(0).matches("second agent: ([4-9]) classes, ([4-9]|1\\d) transformed"),
        "the second agent at work");
  }

  /** With both agents {@code conflict=enforce} overrides the application's own calls. */
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
