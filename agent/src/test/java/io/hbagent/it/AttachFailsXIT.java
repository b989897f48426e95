package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** An attach that fails on its way leaves the target as it was, also what it had done by then. */
class AttachFailsXIT {

  /** What is loaded first once open connections have been given options. */
  private static final String AFTER_GIVING = "io/hbagent/control/Status";

  /** What is loaded once the hooks are in place, before anything open is looked at. */
  private static final String BEFORE_LOOKING = "io/hbagent/control/StatusSubscribers";

  /** Classes that an attach loads before it gives options, each of which may be missing. */
  private static final List<String> FIRST_TYPES =
      List.of(
          "runtime/RequestQueue$Entry",
          "hook/Weaver$CallInserter",
          "control/StatusSubscribers",
          "keepalive/SelfTest",
          "control/StartLog");

  private static final String ATTACH = "attach";

  /** Longer than the target's own limit of 20 s, on a machine that is ten times slower. */
  private static final String WAIT = "--timeout=120";

  private static final String FAILED = "could not start in it (java.lang.ClassFormatError";

  @BeforeEach
  void kernelCanBeAsked() {
    assumeTrue(Ss.isThere(), "iproute2's ss is not installed");
  }

  /** The agent's thread fails with every option set; the watchdog is at work by then. */
  @TestFactory
  Stream<DynamicTest> afterOptionsWereGiven() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk)) {
            app.tell("open 2");
            app.tell("want");
            app.tell("break " + AFTER_GIVING);
            Map<String, Boolean> before = Ss.keepalive(app.port());
            Map<String, String> bytes = app.bytes();
            Cli.run(jdk, "attach", app.pid(), "idle=7,watchdog=true")
                .fails(1, FAILED, "and took everything back;", "then try again");
            app.forked().awaitErr(0, line -> line.contains("event=attach-failed"));
            assertEquals(before, Ss.keepalive(app.port()));
            app.tell("mend");
            assertUntouched(jdk, app, 3);
            assertEquals(bytes, app.bytes());
            Cli.run(jdk, "attach", app.pid(), "idle=7")
                .prints("attached", "6 connections given keepalive");
            Cli.run(jdk, "detach", "--restore", app.pid()).prints("turned off on 5 connections");
          }
        });
  }

  /** Classes whose lack shows in the entry point, the weaving, the self-test and the report. */
  @TestFactory
  Stream<DynamicTest> beforeOptionsAreGiven() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk)) {
            app.tell("open 1");
            Map<String, String> bytes = app.bytes();
            int pairs = 1;
            for (String type : FIRST_TYPES) {
              app.tell("break io/hbagent/" + type);
              String said = type.endsWith("Entry") ? "); nothing was changed" : FAILED;
              Cli.run(jdk, ATTACH, app.pid(), "idle=7").fails(1, said);
              app.tell("mend");
              assertUntouched(jdk, app, ++pairs);
              assertEquals(bytes, app.bytes(), type);
            }
            Cli.run(jdk, ATTACH, app.pid(), "idle=7").prints("12 connections given keepalive");
          }
        });
  }

  /** A failed self-test does not end the attach: what can be set is set, and the report says so. */
  @TestFactory
  Stream<DynamicTest> selfTestThatFailsIsTold() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk)) {
            app.tell("open 1");
            app.tell("break io/hbagent/tcp/OwnSocket");
            Cli.run(jdk, "attach", app.pid(), "idle=7")
                .prints("2 connections given", "  warning: self-test failed: java.lang.");
            Cli.run(jdk, "status", app.pid()).prints("self-test java.lang.", "7/5/3");
          }
        });
  }

  /** Held up for longer than the attach waits, its thread goes on, and fails. */
  @TestFactory
  Stream<DynamicTest> afterTheAttachHasWaited() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk)) {
            app.tell("open 1");
            app.tell("break " + AFTER_GIVING);
            app.tell("hold " + AFTER_GIVING);
            try (Forked cli = Cli.start(jdk, List.of(), ATTACH, WAIT, app.pid(), "idle=7")) {
              Waiting.forValue(app.forked(), () -> isOnAll(app) ? true : null);
              app.tell("open 1"); // by a hook; its number is used again
              app.tell("close");
              new Cli(cli, cli.exit()).fails(1, "did not start in it within 20 s, and goes on");
            }
            app.tell("open 1");
            app.tell("want");
            String own = newestOwn(app);
            assertTrue(isOnAll(app), "given, inherited, wanted");
            app.tell("go");
            app.forked().awaitErr(0, line -> line.contains("event=attach-failed"));
            Map<String, Boolean> after = Ss.keepalive(app.port());
            assertEquals(4, after.size());
            after.forEach((ends, on) -> assertEquals(ends.equals(own), on, ends));
            app.tell("mend");
            assertUntouched(jdk, app, 3);
          }
        });
  }

  private static boolean isOnAll(AttachTargetApp app) throws Exception {
    return Ss.keepalive(app.port()).values().stream().allMatch(on -> on);
  }

  /** The client's end of the connection that was opened last. */
  private static String newestOwn(AttachTargetApp app) throws Exception {
    String client = app.tell("port").get(0).substring("port ".length());
    return Ss.keepalive(app.port()).keySet().stream()
        .filter(ends -> ends.contains(":" + client + " "))
        .findAny()
        .orElseThrow();
  }

  /** A connection opened during the weaving has its options from a hook, before any sweep. */
  @TestFactory
  Stream<DynamicTest> whatHooksGaveBeforeItFailed() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk)) {
            app.tell("break " + BEFORE_LOOKING);
            app.tell("hold " + BEFORE_LOOKING);
            app.tell("open 1");
            try (Forked cli = Cli.start(jdk, List.of(), ATTACH, WAIT, app.pid(), "idle=7")) {
              Waiting.forValue(
                  app.forked(),
                  () -> {
                    app.tell("open 1");
                    return Ss.keepalive(app.port()).containsValue(true) ? true : null;
                  });
              app.tell("go");
              new Cli(cli, cli.exit()).fails(1, FAILED, "and took everything back;");
            }
            Map<String, Boolean> after = Ss.keepalive(app.port());
            assertFalse(after.containsValue(true), after::toString);
            app.tell("mend");
            assertUntouched(jdk, app, after.size() / 2 + 1);
          }
        });
  }

  /** Its thread cannot even say what happened: the default handler might end the process. */
  @TestFactory
  Stream<DynamicTest> nothingReachesTheDefaultHandler() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk)) {
            app.tell("open 1");
            app.tell("handle");
            app.tell("break io/hbagent/control/Report");
            Cli cli = Cli.run(jdk, ATTACH, app.pid(), "idle=7");
            cli.check(cli.code() == 1, "exit code 1");
            app.tell("mend");
            assertFalse(Ss.keepalive(app.port()).containsValue(true), "taken back");
            assertUntouched(jdk, app, 2);
            List<String> out = app.forked().out();
            assertEquals(List.of(), out.stream().filter(s -> s.startsWith("uncaught")).toList());
          }
        });
  }

  /** As in a container that may have so many threads and no more: here no stack fits any more. */
  @TestFactory
  Stream<DynamicTest> noMoreThreads() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app =
              AttachTargetApp.start(jdk, "-Xss512m", "-javaagent:" + AttachTargetApp.jar())) {
            app.tell("open 1");
            Map<String, String> bytes = app.bytes(); // the JVM's own thread for it is there now
            limit(app, String.valueOf((addressSpace(app) + 300 * 1024) * 1024));
            Cli.run(jdk, ATTACH, app.pid(), "idle=7")
                .fails(1, "could not start in it (java.lang.OutOfMemoryError", "took everything");
            limit(app, "unlimited");
            assertUntouched(jdk, app, 2);
            assertEquals(bytes, app.bytes());
            Cli.run(jdk, ATTACH, app.pid(), "idle=7").prints("4 connections given keepalive");
          }
        });
  }

  /** In kB. */
  private static long addressSpace(AttachTargetApp app) throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc", app.pid(), "status"))) {
      if (line.startsWith("VmSize:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new AssertionError("no VmSize");
  }

  private static void limit(AttachTargetApp app, String bytes) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("prlimit", "--pid", app.pid(), "--as=" + bytes + ":");
    try (Forked prlimit = new Forked(builder)) {
      assertEquals(0, prlimit.exit(), () -> prlimit.describe("sets the limit"));
    } catch (IOException e) {
      assumeTrue(false, "util-linux's prlimit is not installed: " + e);
    }
  }

  /** It is at work when its thread goes on; what is asked of it in between is withdrawn. */
  @TestFactory
  Stream<DynamicTest> slowStartGoesOn() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk)) {
            app.tell("open 1");
            app.tell("hold " + AFTER_GIVING);
            Cli.run(jdk, ATTACH, WAIT, app.pid(), "idle=7").fails(1, "and goes on with it");
            Cli.run(jdk, ATTACH, "--timeout=3", app.pid(), "idle=9").fails(1, "was withdrawn");
            app.tell("go");
            app.forked().awaitErr(0, line -> line.contains("event=open-connections given=2"));
            Cli.run(jdk, "status", app.pid()).prints("7/5/3", "2 connections", "failures: 0");
            Cli.run(jdk, ATTACH, app.pid(), "idle=9").prints("reconfigured", "idle=9s");
            Cli.run(jdk, "list").prints("9/5/3");
            Cli.run(jdk, "detach", "--restore", app.pid()).prints("turned off on 2 connections");
            assertFalse(Ss.keepalive(app.port()).containsValue(true), "as it was");
          }
        });
  }

  /** Its thread takes nothing back that the next agent has given. It waits, so on one JDK. */
  @Test
  void slowStartIsDetached() throws Exception {
    Jdk jdk = Jdk.all().get(Jdk.all().size() - 1);
    try (AttachTargetApp app = start(jdk)) {
      app.tell("open 1");
      app.tell("hold io/hbagent/keepalive/SelfTest");
      Cli.run(jdk, ATTACH, WAIT, app.pid(), "idle=7").fails(1, "and goes on with it");
      app.tell("open 1"); // by a hook of the first
      app.tell("hold none");
      Cli.run(jdk, "detach", "--timeout=10", app.pid()).fails(1, "left is its thread, which does");
      Cli.run(jdk, ATTACH, app.pid(), "idle=7").prints("attached", "idle=7s");
      app.tell("go");
      Waiting.forValue(app.forked(), () -> app.tell("threads").size() == 2 ? true : null);
      Cli.run(jdk, "status", app.pid()).prints("7/5/3", "4 connections", "failures: 0");
      assertTrue(isOnAll(app));
    }
  }

  private static AttachTargetApp start(Jdk jdk) throws Exception {
    return AttachTargetApp.start(jdk, "-javaagent:" + AttachTargetApp.jar());
  }

  private static void awaitNoThread(AttachTargetApp app) throws Exception {
    Waiting.forValue(
        app.forked(), () -> app.tell("measure").get(0).contains("ours= ") ? true : null);
  }

  /** Nothing of the agent is there, nor is anything that it would do to what is opened from now. */
  private static void assertUntouched(Jdk jdk, AttachTargetApp app, int pairs) throws Exception {
    Cli.run(jdk, "status", app.pid()).fails(1, "hb-agent is not in it");
    assertEquals(List.of(), app.tell("properties"));
    awaitNoThread(app);
    Map<String, Boolean> before = Ss.keepalive(app.port());
    app.tell("open 1");
    Map<String, Boolean> after = new TreeMap<>(Ss.keepalive(app.port()));
    assertEquals(2 * pairs, after.size());
    after.keySet().removeAll(before.keySet());
    assertEquals(List.of(false, false), List.copyOf(after.values()), "opened since");
  }
}
