package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hbagent.packaging.AgentJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The agent's threads work until they are asked to end, whatever the application does. */
class AgentThreadXIT {

  private static final String WATCHDOG = "thread hb-agent-watchdog";
  private static final List<String> ALL =
      List.of("thread hb-agent", "thread hb-agent-log", WATCHDOG);

  /** Users without another process, one a test: the JDK's version is appended. */
  private static final String USER = "64123";

  private static final String OTHER_USER = "64124";

  /** No compiler thread ends and leaves room for another. */
  private static final String STEADY_THREADS = "-XX:-UseDynamicNumberOfCompilerThreads";

  private Path folder;

  /** Readable for every user, wherever this checkout lies. */
  @BeforeEach
  void create() throws IOException {
    folder = Files.createTempDirectory("hb-agent");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void delete() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> interruptsOfAllThreadsEndNothing() {
    return Jdk.each(
        jdk -> {
          Path file =
              Text.write(folder.resolve(jdk.version() + ".conf"), "idle = 7", "watchdog=true");
          try (AttachTargetApp app = start(jdk, Jvm.AGENT, file)) {
            app.tell("interrupt");
            app.tell("open 1");
            awaitThreads(app, ALL);
            app.tell("interrupt");
            reload(app, file, "idle = 8", "watchdog=true");
            app.tell("interrupt");
            assertEquals(List.of("bean 0"), app.tell("jmx get Failures"));
            Cli.run(jdk, "status", app.pid()).prints("idle=8s", "failures: 0");
            detach(jdk, app);
          }
        });
  }

  /** The thread of the attach among them, while it reads its request and waits for the answer. */
  @TestFactory
  Stream<DynamicTest> interruptsWithoutEndSpoilNoAnswer() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            app.tell("open 1");
            app.tell("interrupt-always");
            Cli.run(jdk, "attach", app.pid(), "idle=7").prints("attached", "idle=7s");
            Cli.run(jdk, "attach", app.pid(), "idle=8").prints("reconfigured", "idle=8s");
            Cli.run(jdk, "detach", app.pid()).prints("hb-agent detached");
            awaitThreads(app, List.of());
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> propertiesAreReadOnly() {
    return Jdk.each(
        jdk -> {
          Path file = Text.write(folder.resolve(jdk.version() + ".conf"), "idle = 7");
          try (AttachTargetApp app = start(jdk, Jvm.AGENT, file)) {
            app.forked().awaitErr(0, StartLine::isStart);
            app.tell("freeze");
            reload(app, file, "idle = 8");
            Cli.run(jdk, "status", app.pid()).prints("idle=8s", "failures: 0");
            app.tell("thaw");
            detach(jdk, app);
          }
        });
  }

  /** Here an Error of the application's management, at every look. */
  @TestFactory
  Stream<DynamicTest> whatOneLookThrowsIsCounted() {
    return Jdk.each(
        jdk -> {
          Path file = Text.write(folder.resolve(jdk.version() + ".conf"), "idle = 7");
          try (AttachTargetApp app = start(jdk, Jvm.AGENT, file)) {
            app.forked().awaitErr(0, StartLine::isStart);
            app.tell("open 1");
            app.tell("server");
            app.forked().awaitErr(0, line -> line.contains("event=failure count="));
            reload(app, file, "idle = 8");
            Cli status = Cli.run(jdk, "status", app.pid()).prints("idle=8s", "a server that fails");
            status.check(!status.out().contains("failures: 0"), "failures counted");
            detach(jdk, app);
          }
        });
  }

  /** With a jar whose entries lie elsewhere. */
  @TestFactory
  Stream<DynamicTest> jarIsOverwrittenInPlace() throws IOException {
    Path other = AgentJar.without("META-INF/LICENSE", Jvm.AGENT, folder.resolve("other.jar"));
    return Jdk.each(
        jdk -> {
          assumeTrue(
              jdk.version() > 8, "JDK 8 maps the jar, and a search of the class path ends it");
          Path jar = Files.copy(Jvm.AGENT, folder.resolve(jdk.version() + ".jar"));
          Path file = Text.write(folder.resolve(jdk.version() + ".conf"), "idle = 7");
          try (AttachTargetApp app = start(jdk, jar, file)) {
            app.forked().awaitErr(0, StartLine::isStart);
            app.tell("open 1");
            Cli.run(jdk, "status", app.pid()).prints("7/5/3");
            app.tell("measure"); // collects what the loader only remembers
            Files.write(jar, Files.readAllBytes(other));
            reload(
                app, file, "idle = 8", "watchdog=true", "rules = a", "rule.a.remote = 127.0.0.0/8");
            awaitThreads(app, ALL);
            assertEquals(List.of("bean 0"), app.tell("jmx get Failures"));
            Cli.run(jdk, "status", app.pid()).prints("8/5/3", "2 connections", "failures: 0");
            detach(jdk, app);
          }
        });
  }

  /** It waits for the thread in vain, so on one JDK. */
  @Test
  void hangingThreadIsDetachedAllTheSame() throws Exception {
    Jdk jdk = Jdk.all().get(Jdk.all().size() - 1);
    Path file = Text.write(folder.resolve("hb.conf"), "idle = 7", "watchdog=true");
    try (AttachTargetApp app = AttachTargetApp.start(jdk, "-javaagent:" + AttachTargetApp.jar())) {
      app.tell("hold io/hbagent/config/FileWatch");
      Cli.run(jdk, "attach", app.pid(), "config=" + file).prints("attached");
      awaitThreads(app, ALL);
      app.tell("reached");
      Cli.run(jdk, "detach", "--timeout=120", app.pid())
          .fails(1, "left is its thread, which does not answer, it is in ");
      assertEquals(List.of("thread hb-agent"), app.tell("threads"));
      assertEquals(List.of(), app.tell("properties"));
      Cli.run(jdk, "status", app.pid()).fails(1, "hb-agent is not in it");
      Cli.run(jdk, "attach", app.pid(), "idle=9,watchdog").prints("attached");
      app.tell("go");
      Waiting.forValue(app.forked(), () -> app.tell("threads").size() == 3 ? true : null);
      detach(jdk, app);
    }
  }

  /** The hooks give options; the first request that finds a free thread starts the agent's. */
  @TestFactory
  Stream<DynamicTest> noThreadBeforeMain() {
    return Jdk.each(
        jdk -> {
          Path jar = Files.copy(Jvm.AGENT, folder.resolve(jdk.version() + ".jar"));
          Path file =
              Text.write(folder.resolve(jdk.version() + ".conf"), "idle = 7", "watchdog=true");
          Path target = Files.copy(AttachTargetApp.jar(), folder.resolve(jdk.version() + "-t.jar"));
          try (AttachTargetApp app =
              AttachTargetApp.startUnder(
                  limited(USER, jdk),
                  jdk,
                  target,
                  "-XX:+IgnoreUnrecognizedVMOptions", // JDK 8
                  STEADY_THREADS,
                  "-XX:+UseSerialGC",
                  "-javaagent:" + target + "=take",
                  "-javaagent:" + jar + "=config=" + file,
                  "-javaagent:" + target + "=free")) {
            app.forked().awaitErr(0, line -> line.contains("its thread cannot be started"));
            app.tell("open 1");
            Cli.run(List.of(jdk.java()), jar, "status", app.pid())
                .prints("2 connections", "7/5/3", "failures: 0");
            app.forked().awaitErr(0, StartLine::isStart);
            awaitThreads(app, ALL);
            Cli.run(List.of(jdk.java()), jar, "detach", app.pid()).prints("hb-agent detached");
            awaitThreads(app, List.of());
          }
        });
  }

  /** One line when it is missing, one when it is there: 30 s later, so on one JDK. */
  @Test
  void noThreadForTheWatchdog() throws Exception {
    Jdk jdk = Jdk.running();
    Path jar = Files.copy(Jvm.AGENT, folder.resolve("hb-agent.jar"));
    Path file = Text.write(folder.resolve("hb.conf"), "idle = 7");
    Path target = Files.copy(AttachTargetApp.jar(), folder.resolve("target.jar"));
    try (AttachTargetApp app =
        AttachTargetApp.startUnder(
            limited(OTHER_USER, jdk),
            jdk,
            target,
            STEADY_THREADS,
            "-XX:+UseSerialGC",
            "-javaagent:" + jar + "=config=" + file)) {
      app.forked().awaitErr(0, StartLine::isStart);
      app.tell("take");
      reload(app, file, "idle = 8", "watchdog=true");
      app.forked().awaitErr(0, line -> line.contains("missed=\"the watchdog; its start"));
      app.tell("free");
      app.forked().awaitErr(0, line -> line.contains("event=watchdog-started"));
      assertEquals(
          1, app.forked().err().stream().filter(l -> l.contains("missed=\"the wat")).count());
      awaitThreads(app, ALL);
      Cli.run(List.of(jdk.java()), jar, "status", app.pid()).prints("failures: 0");
    }
  }

  /** As a user who may have 150 threads. */
  private static List<String> limited(String user, Jdk jdk) throws Exception {
    List<String> command =
        List.of(
            "setpriv",
            "--reuid=" + user + jdk.version(),
            "--regid=" + user,
            "--clear-groups",
            "prlimit",
            "--nproc=150");
    List<String> version = new ArrayList<>(command);
    version.addAll(List.of(jdk.java(), "-version"));
    try (Forked forked = new Forked(new ProcessBuilder(version))) {
      assumeTrue(forked.exit() == 0, () -> forked.describe("cannot run Java as another user"));
    } catch (IOException e) {
      assumeTrue(false, "util-linux's setpriv or prlimit is not installed: " + e);
    }
    return command;
  }

  private static AttachTargetApp start(Jdk jdk, Path jar, Path config, String... options)
      throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("-javaagent:" + jar + "=config=" + config);
    return AttachTargetApp.start(jdk, all.toArray(new String[0]));
  }

  private static void reload(AttachTargetApp app, Path file, String... lines) throws Exception {
    int from = app.forked().err().size();
    Text.write(file, lines);
    app.forked().awaitErr(from, line -> line.contains(" event=reloaded "));
  }

  private static void awaitThreads(AttachTargetApp app, List<String> wanted) throws Exception {
    Waiting.forValue(
        app.forked(),
        () -> app.tell("threads").stream().sorted().toList().equals(wanted) ? true : null);
  }

  /** Nothing of it is left. */
  private static void detach(Jdk jdk, AttachTargetApp app) throws Exception {
    Cli.run(jdk, "detach", app.pid()).prints("hb-agent detached");
    awaitThreads(app, List.of());
    assertEquals(List.of(), app.tell("properties"));
    assertTrue(app.forked().isAlive());
  }
}
