package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Timeouts of commands: the target is stopped, or is busy before or after it has read the request.
 */
class AttachHangsXIT {

  /** Timeout in seconds within which a slow machine has begun with the request. */
  private static final String BEGUN = "--timeout=15";

  private static final Jdk JDK = Jdk.all().get(Jdk.all().size() - 1);

  @Test
  void stoppedTarget() throws Exception {
    try (AttachTargetApp app = AttachTargetApp.start(JDK)) {
      Cli.run(JDK, "attach", app.pid()).prints("attached");
      Cli.run(JDK, "detach", app.pid()).prints("detached");
      signal("-STOP", app.pid());
      Cli.run(JDK, "attach", app.pid()).fails(1, "is stopped", "kill -CONT " + app.pid());
      signal("-CONT", app.pid());
      app.command("open 1");
      assertUntouched(app);
    }
  }

  @Test
  void targetStoppedDuringWatch() throws Exception {
    try (AttachTargetApp app = AttachTargetApp.start(JDK)) {
      Cli.run(JDK, "attach", app.pid()).prints("attached");
      try (Forked cli = Cli.start(JDK, List.of(), "status", "--watch", "--timeout=5", app.pid())) {
        cli.awaitOut(0, line -> line.contains("policy:"));
        signal("-STOP", app.pid());
        Cli.end(cli)
            .fails(1, "does not answer any more, because it is stopped (kill -CONT " + app.pid());
      } finally {
        signal("-CONT", app.pid());
      }
      app.command("open 1");
    }
  }

  private static void signal(String name, String pid) throws Exception {
    Process kill = new ProcessBuilder("kill", name, pid).inheritIO().start();
    assertTrue(kill.waitFor(60, TimeUnit.SECONDS) && kill.exitValue() == 0, "kill " + name);
  }

  /** The request is withdrawn: a target that continues later does not carry it out. */
  @TestFactory
  Stream<DynamicTest> requestNotYetRead() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = held(jdk, "io/hbagent/AgentMain")) {
            Cli.run(jdk, "attach", "--timeout=3", app.pid(), "idle=7")
                .fails(
                    1,
                    "waiting for JVM " + app.pid(),
                    "does not answer within 3 s",
                    "the request was withdrawn, so nothing was changed");
            app.command("go");
            app.command("open 2");
            // Requests are handled in order, so the first one has been handled.
            Cli.run(jdk, "status", app.pid()).fails(1, "hb-agent is not in it");
            assertUntouched(app);
            Cli.run(jdk, "attach", app.pid()).prints("4 connections given the policy");
          }
        });
  }

  /** Ctrl-C withdraws the request, and so does SIGTERM, which background jobs do not ignore. */
  @Test
  void interruptedCommandWithdrawsItsRequest() throws Exception {
    String signal = ignoresInterrupt() ? "-TERM" : "-INT";
    try (AttachTargetApp app = held(JDK, "io/hbagent/AgentMain")) {
      try (Forked cli = Cli.start(JDK, List.of(), "attach", app.pid(), "idle=7")) {
        cli.awaitErr(0, line -> line.contains("waiting for JVM " + app.pid()));
        signal(signal, String.valueOf(cli.pid()));
        cli.awaitErr(0, line -> line.contains("interrupted; the request was withdrawn"));
        cli.exit();
      }
      app.command("go");
      app.command("open 1");
      Cli.run(JDK, "status", app.pid()).fails(1, "hb-agent is not in it");
      assertUntouched(app);
    }
  }

  /** Returns whether this process and those it starts ignore SIGINT, see proc_pid_status(5). */
  private static boolean ignoresInterrupt() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).trim(), 16) & 2) != 0);
  }

  @TestFactory
  Stream<DynamicTest> requestInProgress() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = held(jdk, "io/hbagent/keepalive/SelfTest")) {
            app.command("open 1");
            Cli.run(jdk, "attach", BEGUN, app.pid(), "idle=7")
                .fails(1, "does not answer within 15 s", "may still carry it out; see status");
            app.command("go");
            app.forked().awaitErr(0, line -> line.contains("event=open-connections given=2"));
            Cli.run(jdk, "status", app.pid()).prints("7/5/3", "2 connections");
          }
        });
  }

  /** The agent's thread is blocked in one request while others are made. */
  @TestFactory
  Stream<DynamicTest> lateAnswerIsNotGivenToTheNextRequest() {
    return Jdk.each(
        jdk -> {
          String[] agents = {
            "-javaagent:" + AttachTargetApp.jar(), "-javaagent:" + Jvm.AGENT + "=idle=7"
          };
          try (AttachTargetApp app = AttachTargetApp.start(jdk, agents)) {
            app.command("open 1");
            app.command("hold io/hbagent/control/Status"); // not loaded by sweeps
            Cli.run(jdk, "attach", BEGUN, app.pid(), "idle=9")
                .fails(1, "it has begun with this, and is not through yet; see status");
            Cli.run(jdk, "status", "--timeout=6", app.pid())
                .fails(1, "is busy; the request was withdrawn, so nothing was changed");
            try (Forked cli = Cli.start(jdk, List.of(), "detach", "--restore", app.pid())) {
              cli.awaitErr(0, line -> line.contains("waiting for JVM " + app.pid()));
              app.command("go");
              Cli.end(cli).prints("turned off on 2 connections");
            }
            assertUntouched(app);
            Cli.run(jdk, "status", app.pid()).fails(1, "hb-agent is not in it");
          }
        });
  }

  private static AttachTargetApp held(Jdk jdk, String type) throws Exception {
    AttachTargetApp app = AttachTargetApp.start(jdk, "-javaagent:" + AttachTargetApp.jar());
    app.command("hold " + type);
    return app;
  }

  private static void assertUntouched(AttachTargetApp app) throws Exception {
    assertEquals(List.of(), app.command("properties"));
    assertFalse(app.hasAgentThread());
    assertTrue(Ss.keepalive(app.port()).values().stream().noneMatch(on -> on), "no keepalive");
  }
}
