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

/** A failed attach is rolled back: the target is as it was before. */
class AttachRollbackXIT {

  /** The first class loaded after open connections have been given options. */
  private static final String AFTER_OPTIONS = "io/hbagent/control/Status";

  /** The first class loaded after the hooks are installed and before open sockets are listed. */
  private static final String BEFORE_SWEEP = "io/hbagent/control/StatusSubscribers";

  /**
   * Classes that an attach loads before it sets options; each test makes one of them unavailable.
   */
  private static final List<String> FIRST_TYPES =
      List.of(
          "runtime/RequestQueue$Entry",
          "hook/Weaver$CallInserter",
          "control/StatusSubscribers",
          "keepalive/SelfTest",
          "control/StartLog");

  private static final String ATTACH = "attach";

  /**
   * Timeout of the command in seconds: longer than the target's own 20 s on a machine ten times
   * slower.
   */
  private static final String WAIT = "--timeout=120";

  private static final String FAILED = "could not start in it (java.lang.ClassFormatError";

  @BeforeEach
  void requireSs() {
    assumeTrue(Ss.isThere(), "iproute2's ss is not installed");
  }

  /** The agent's thread fails after it has set every option and started the watchdog. */
  @TestFactory
  Stream<DynamicTest> afterOptionsWereGiven() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk)) {
            app.command("open 2");
            app.command("want");
            app.command("break " + AFTER_OPTIONS);
            Map<String, Boolean> before = Ss.keepalive(app.port());
            Map<String, String> bytes = app.bytes();
            Cli.run(jdk, "attach", app.pid(), "idle=7,watchdog=true")
                .fails(1, FAILED, "and took everything back;", "then try again");
            app.forked().awaitErr(0, line -> line.contains("event=attach-failed"));
            assertEquals(before, Ss.keepalive(app.port()));
            app.command("mend");
            assertUntouched(jdk, app, 3);
            assertEquals(bytes, app.bytes());
            Cli.run(jdk, "attach", app.pid(), "idle=7")
                .prints("attached", "6 connections given the policy");
            Cli.run(jdk, "detach", "--restore", app.pid()).prints("turned off on 5 connections");
          }
        });
  }

  /** The classes are those of the entry point, the weaver, the self-test and the report. */
  @TestFactory
  Stream<DynamicTest> beforeOptionsAreGiven() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk)) {
            app.command("open 1");
            Map<String, String> bytes = app.bytes();
            int pairs = 1;
            for (String type : FIRST_TYPES) {
              app.command("break io/hbagent/" + type);
              String message = type.endsWith("Entry") ? "); nothing was changed" : FAILED;
              Cli.run(jdk, ATTACH, app.pid(), "idle=7").fails(1, message);
              app.command("mend");
              assertUntouched(jdk, app, ++pairs);
              assertEquals(bytes, app.bytes(), type);
            }
            Cli.run(jdk, ATTACH, app.pid(), "idle=7").prints("12 connections given the policy");
          }
        });
  }

  /**
   * A failed self-test does not end the attach: what can be set is set, and the report contains the
   * failure.
   */
  @TestFactory
  Stream<DynamicTest> selfTestFailureIsReported() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk)) {
            app.command("open 1");
            app.command("break io/hbagent/tcp/OwnSocket");
            Cli.run(jdk, "attach", app.pid(), "idle=7")
                .prints("2 connections given", "  warning: self-test failed: java.lang.");
            Cli.run(jdk, "status", app.pid()).prints("self-test java.lang.", "7/5/3");
          }
        });
  }

  /** The agent's thread fails after the attach has stopped waiting for it. */
  @TestFactory
  Stream<DynamicTest> afterTheAttachHasWaited() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk)) {
            app.command("open 1");
            app.command("break " + AFTER_OPTIONS);
            app.command("hold " + AFTER_OPTIONS);
            try (Forked cli = Cli.start(jdk, List.of(), ATTACH, WAIT, app.pid(), "idle=7")) {
              Waiting.until(app.forked(), () -> isOnAll(app));
              app.command("open 1"); // given options by a hook; its descriptor is reused
              app.command("close");
              Cli.end(cli).fails(1, "did not start in it within 20 s, and goes on");
            }
            app.command("open 1");
            app.command("want");
            String own = newestOwn(app);
            assertTrue(isOnAll(app), "given, inherited, wanted");
            app.command("go");
            app.forked().awaitErr(0, line -> line.contains("event=attach-failed"));
            app.forked()
                .awaitErr(0, line -> line.startsWith("hb-agent: the agent could not start"));
            Map<String, Boolean> after = Ss.keepalive(app.port());
            assertEquals(4, after.size());
            after.forEach((ends, on) -> assertEquals(ends.equals(own), on, ends));
            app.command("mend");
            assertUntouched(jdk, app, 3);
          }
        });
  }

  private static boolean isOnAll(AttachTargetApp app) throws Exception {
    return Ss.keepalive(app.port()).values().stream().allMatch(on -> on);
  }

  /** Returns the client's end of the connection that was opened last. */
  private static String newestOwn(AttachTargetApp app) throws Exception {
    String client = app.command("port").get(0).substring("port ".length());
    return Ss.keepalive(app.port()).keySet().stream()
        .filter(ends -> ends.contains(":" + client + " "))
        .findAny()
        .orElseThrow();
  }

  /** A connection opened while methods are woven gets its options from a hook, before any sweep. */
  @TestFactory
  Stream<DynamicTest> optionsSetByHooksBeforeTheFailure() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk)) {
            app.command("break " + BEFORE_SWEEP);
            app.command("hold " + BEFORE_SWEEP);
            app.command("open 1");
            try (Forked cli = Cli.start(jdk, List.of(), ATTACH, WAIT, app.pid(), "idle=7")) {
              Waiting.until(
                  app.forked(),
                  () -> {
                    app.command("open 1");
                    return Ss.keepalive(app.port()).containsValue(true);
                  });
              app.command("go");
              Cli.end(cli).fails(1, FAILED, "and took everything back;");
            }
            Map<String, Boolean> after = Ss.keepalive(app.port());
            assertFalse(after.containsValue(true), after::toString);
            app.command("mend");
            assertUntouched(jdk, app, after.size() / 2 + 1);
          }
        });
  }

  /**
   * No exception reaches the default handler, which might end the process, even where reporting
   * fails.
   */
  @TestFactory
  Stream<DynamicTest> nothingReachesTheDefaultHandler() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk)) {
            app.command("open 1");
            app.command("handle");
            app.command("break io/hbagent/control/Report");
            Cli cli = Cli.run(jdk, ATTACH, app.pid(), "idle=7");
            cli.check(cli.code() == 1, "exit code 1");
            app.command("mend");
            assertFalse(Ss.keepalive(app.port()).containsValue(true), "taken back");
            assertUntouched(jdk, app, 2);
            List<String> out = app.forked().out();
            assertEquals(List.of(), out.stream().filter(s -> s.startsWith("uncaught")).toList());
          }
        });
  }

  /**
   * No thread can be started, as at a container's thread limit: the address space is limited so
   * that no stack fits.
   */
  @TestFactory
  Stream<DynamicTest> noMoreThreads() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app =
              AttachTargetApp.start(jdk, "-Xss512m", "-javaagent:" + AttachTargetApp.jar())) {
            app.command("open 1");
            Map<String, String> bytes =
                app.bytes(); // the JVM has started its own thread for it by now
            limit(app, String.valueOf((addressSpace(app) + 300 * 1024) * 1024));
            Cli.run(jdk, ATTACH, app.pid(), "idle=7")
                .fails(1, "could not start in it (java.lang.OutOfMemoryError", "took everything");
            limit(app, "unlimited");
            assertUntouched(jdk, app, 2);
            assertEquals(bytes, app.bytes());
            Cli.run(jdk, ATTACH, app.pid(), "idle=7").prints("4 connections given the policy");
          }
        });
  }

  /** Returns the size of the target's address space, in kB. */
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

  /** A slow start completes when its thread goes on; requests made in between are withdrawn. */
  @TestFactory
  Stream<DynamicTest> slowStartGoesOn() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk)) {
            app.command("open 1");
            app.command("hold " + AFTER_OPTIONS);
            Cli.run(jdk, ATTACH, WAIT, app.pid(), "idle=7").fails(1, "and goes on with it");
            Cli.run(jdk, ATTACH, "--timeout=3", app.pid(), "idle=9").fails(1, "was withdrawn");
            app.command("go");
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
      app.command("open 1");
      app.command("hold io/hbagent/keepalive/SelfTest");
      Cli.run(jdk, ATTACH, WAIT, app.pid(), "idle=7").fails(1, "and goes on with it");
      app.command("open 1"); // by a hook of the first
      app.command("hold none");
      Cli.run(jdk, "detach", "--timeout=10", app.pid()).fails(1, "left is its thread, which does");
      Cli.run(jdk, ATTACH, app.pid(), "idle=7").prints("attached", "idle=7s");
      app.command("go");
      Waiting.until(app.forked(), () -> app.command("threads").size() == 2);
      Cli.run(jdk, "status", app.pid()).prints("7/5/3", "4 connections", "failures: 0");
      assertTrue(isOnAll(app));
    }
  }

  private static AttachTargetApp start(Jdk jdk) throws Exception {
    return AttachTargetApp.start(jdk, "-javaagent:" + AttachTargetApp.jar());
  }

  private static void awaitNoThread(AttachTargetApp app) throws Exception {
    Waiting.until(app.forked(), () -> !app.hasAgentThread());
  }

  /** Checks that no trace of the agent is left and that new connections get no options. */
  private static void assertUntouched(Jdk jdk, AttachTargetApp app, int pairs) throws Exception {
    Cli.run(jdk, "status", app.pid()).fails(1, "hb-agent is not in it");
    assertEquals(List.of(), app.command("properties"));
    awaitNoThread(app);
    Map<String, Boolean> before = Ss.keepalive(app.port());
    app.command("open 1");
    Map<String, Boolean> after = new TreeMap<>(Ss.keepalive(app.port()));
    assertEquals(2 * pairs, after.size());
    after.keySet().removeAll(before.keySet());
    assertEquals(List.of(false, false), List.copyOf(after.values()), "opened since");
  }
}
