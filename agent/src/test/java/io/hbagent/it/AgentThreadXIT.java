package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hbagent.packaging.AgentJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent's threads survive interrupts, failures of the application and a shortage of threads.
 */
class AgentThreadXIT {

  private static final String WATCHDOG = "thread hb-agent-watchdog";
  private static final List<String> ALL =
      List.of("thread hb-agent", "thread hb-agent-log", WATCHDOG);

  /** User IDs that have no other process, one for each test; the JDK's version is appended. */
  private static final String USER = "64123";

  private static final String OTHER_USER = "64124";

  @TempDir(factory = ReadableTempDir.class)
  Path folder;

  @TestFactory
  Stream<DynamicTest> interruptsEndNoThread() {
    return Jdk.each(
        jdk -> {
          Path file =
              Text.write(folder.resolve(jdk.version() + ".conf"), "idle = 7", "watchdog=true");
          try (AttachTargetApp app = start(jdk, Jvm.AGENT, file)) {
            app.command("interrupt");
            app.command("open 1");
            awaitThreads(app, ALL);
            app.command("interrupt");
            reload(app, file, "idle = 8", "watchdog=true");
            app.command("interrupt");
            assertEquals(List.of("bean 0"), app.command("jmx get Failures"));
            Cli.run(jdk, "status", app.pid()).prints("idle=8s", "failures: 0");
            detach(jdk, app);
          }
        });
  }

  /**
   * Interrupts include the thread of the attach while it reads its request and waits for the
   * answer.
   */
  @TestFactory
  Stream<DynamicTest> repeatedInterruptsLoseNoAnswer() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            app.command("open 1");
            app.command("interrupt-always");
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
            app.command("freeze");
            reload(app, file, "idle = 8");
            Cli.run(jdk, "status", app.pid()).prints("idle=8s", "failures: 0");
            app.command("thaw");
            detach(jdk, app);
          }
        });
  }

  /** The application's MBean server throws an Error on every access. */
  @TestFactory
  Stream<DynamicTest> errorsOfTheMBeanServerAreCounted() {
    return Jdk.each(
        jdk -> {
          Path file = Text.write(folder.resolve(jdk.version() + ".conf"), "idle = 7");
          try (AttachTargetApp app = start(jdk, Jvm.AGENT, file)) {
            app.forked().awaitErr(0, StartLine::isStart);
            app.command("open 1");
            app.command("server");
            app.forked().awaitErr(0, line -> line.contains("event=failure count="));
            reload(app, file, "idle = 8");
            Cli status = Cli.run(jdk, "status", app.pid()).prints("idle=8s", "a server that fails");
            status.check(!status.out().contains("failures: 0"), "failures counted");
            detach(jdk, app);
          }
        });
  }

  /** The new jar has its entries at other offsets. */
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
            app.command("open 1");
            Cli.run(jdk, "status", app.pid()).prints("7/5/3");
            app.command("measure"); // collects what the class loader holds weakly
            Files.write(jar, Files.readAllBytes(other));
            reload(
                app, file, "idle = 8", "watchdog=true", "rules = a", "rule.a.remote = 127.0.0.0/8");
            awaitThreads(app, ALL);
            assertEquals(List.of("bean 0"), app.command("jmx get Failures"));
            Cli.run(jdk, "status", app.pid()).prints("8/5/3", "2 connections", "failures: 0");
            detach(jdk, app);
          }
        });
  }

  /** Runs on one JDK, because the detach waits until its timeout. */
  @Test
  void hangingThreadIsDetached() throws Exception {
    Jdk jdk = Jdk.all().get(Jdk.all().size() - 1);
    Path file = Text.write(folder.resolve("hb.conf"), "idle = 7", "watchdog=true");
    try (AttachTargetApp app = AttachTargetApp.start(jdk, "-javaagent:" + AttachTargetApp.jar())) {
      app.command("hold io/hbagent/config/FileWatch");
      Cli.run(jdk, "attach", app.pid(), "config=" + file).prints("attached");
      awaitThreads(app, ALL);
      app.command("reached");
      Cli.run(jdk, "detach", "--timeout=40", app.pid())
          .fails(1, "left is its thread, which does not answer, it is in ");
      assertEquals(List.of("thread hb-agent"), app.command("threads"));
      assertEquals(List.of(), app.command("properties"));
      Cli.run(jdk, "status", app.pid()).fails(1, "hb-agent is not in it");
      Cli.run(jdk, "attach", app.pid(), "idle=9,watchdog").prints("attached");
      app.command("go");
      Waiting.until(app.forked(), () -> app.command("threads").size() == 3);
      detach(jdk, app);
    }
  }

  /** The hooks set options; the first request that can start a thread starts the agent's. */
  @TestFactory
  Stream<DynamicTest> noThreadBeforeMain() {
    return Jdk.each(
        jdk -> {
          Path jar = Files.copy(Jvm.AGENT, folder.resolve(jdk.version() + ".jar"));
          Path file =
              Text.write(folder.resolve(jdk.version() + ".conf"), "idle = 7", "watchdog=true");
          Path target = Files.copy(AttachTargetApp.jar(), folder.resolve(jdk.version() + "-t.jar"));
          try (AttachTargetApp app =
              AttachTargetApp.startLimited(
                  limited(USER, jdk),
                  jdk,
                  target,
                  "-javaagent:" + target + "=take",
                  "-javaagent:" + jar + "=config=" + file,
                  "-javaagent:" + target + "=free")) {
            app.forked().awaitErr(0, line -> line.contains("its thread cannot be started"));
            app.command("open 1");
            Cli.run(jdk.command(), jar, "status", app.pid())
                .prints("2 connections", "7/5/3", "failures: 0");
            app.forked().awaitErr(0, StartLine::isStart);
            awaitThreads(app, ALL);
            Cli.run(jdk.command(), jar, "detach", app.pid()).prints("hb-agent detached");
            awaitThreads(app, List.of());
          }
        });
  }

  /**
   * One line is logged when the thread is missing and one when it starts, 30 s later; so on one
   * JDK.
   */
  @Test
  void noThreadForTheWatchdog() throws Exception {
    Jdk jdk = Jdk.running();
    Path jar = Files.copy(Jvm.AGENT, folder.resolve("hb-agent.jar"));
    Path file = Text.write(folder.resolve("hb.conf"), "idle = 7");
    Path target = Files.copy(AttachTargetApp.jar(), folder.resolve("target.jar"));
    try (AttachTargetApp app =
        AttachTargetApp.startLimited(
            limited(OTHER_USER, jdk), jdk, target, "-javaagent:" + jar + "=config=" + file)) {
      app.forked().awaitErr(0, StartLine::isStart);
      app.command("take");
      reload(app, file, "idle = 8", "watchdog=true");
      app.forked().awaitErr(0, line -> line.contains("missed=\"the watchdog; its start"));
      app.command("free");
      app.forked().awaitErr(0, line -> line.contains("event=watchdog-started"));
      assertEquals(
          1, app.forked().err().stream().filter(l -> l.contains("missed=\"the wat")).count());
      awaitThreads(app, ALL);
      Cli.run(jdk.command(), jar, "status", app.pid()).prints("failures: 0");
    }
  }

  /** Returns a command prefix that runs as a user limited to 150 threads. */
  private static List<String> limited(String user, Jdk jdk) throws Exception {
    return OtherUser.prefix(user + jdk.version(), jdk, "prlimit", "--nproc=150");
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
    Waiting.until(
        app.forked(), () -> app.command("threads").stream().sorted().toList().equals(wanted));
  }

  /** Detaches, and checks that no thread and no system property of the agent remains. */
  private static void detach(Jdk jdk, AttachTargetApp app) throws Exception {
    Cli.run(jdk, "detach", app.pid()).prints("hb-agent detached");
    awaitThreads(app, List.of());
    assertEquals(List.of(), app.command("properties"));
    assertTrue(app.forked().isAlive());
  }
}
