package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** An attach that fails on its way leaves the target as it was, also what it had done by then. */
class AttachFailsXIT {

  /** What is loaded first once open connections have been given options. */
  private static final String AFTER_GIVING = "io/hbagent/control/Tallies";

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

  /** Classes whose lack shows at the door, in the weaving, in the self-test, in the report. */
  @TestFactory
  Stream<DynamicTest> beforeOptionsAreGiven() {
    List<String> types =
        List.of(
            "Attempt",
            "hook/CallInserter",
            "control/Watchers",
            "keepalive/SelfTest",
            "control/StartReport");
    return types.stream()
        .flatMap(
            type ->
                Jdk.all().stream()
                    .map(jdk -> DynamicTest.dynamicTest(type + ", " + jdk, () -> fail(type, jdk))));
  }

  private static void fail(String type, Jdk jdk) throws Exception {
    try (AttachTargetApp app = start(jdk)) {
      app.tell("open 1");
      app.tell("break io/hbagent/" + type);
      Map<String, String> bytes = app.bytes();
      String said = type.equals("Attempt") ? "); nothing was changed" : FAILED;
      Cli.run(jdk, "attach", app.pid(), "idle=7").fails(1, said);
      app.tell("mend");
      assertUntouched(jdk, app, 2);
      assertEquals(bytes, app.bytes());
      Cli.run(jdk, "attach", app.pid(), "idle=7").prints("4 connections given keepalive");
    }
  }

  /** The self-test alone is no reason to give up: what can be set is set, and the user is told. */
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

  /** Held up for longer than the attach waits, its thread has given options when it goes on. */
  @TestFactory
  Stream<DynamicTest> givenUpByTheTarget() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk)) {
            app.tell("open 1");
            app.tell("hold " + AFTER_GIVING);
            Cli.run(jdk, "attach", app.pid(), "idle=7")
                .fails(1, "did not start in it within 20 s", "it takes back as soon as it can");
            assertTrue(Ss.keepalive(app.port()).values().stream().allMatch(on -> on), "given");
            app.tell("go");
            app.forked().awaitErr(0, line -> line.contains("event=attach-failed"));
            assertUntouched(jdk, app, 2);
          }
        });
  }

  /** The thread that was given up comes back when the next agent is at work: which stays. */
  @TestFactory
  Stream<DynamicTest> givenUpAndAttachedAnew() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk)) {
            app.tell("open 1");
            app.tell("hold " + AFTER_GIVING);
            Cli.run(jdk, "attach", app.pid(), "idle=7").fails(1, "did not start in it");
            app.tell("hold nothing-more");
            Cli.run(jdk, "attach", app.pid(), "idle=9").prints("attached", "idle=9s");
            app.tell("go");
            app.forked().awaitErr(0, line -> line.contains("event=attach-failed"));
            Cli.run(jdk, "status", app.pid()).prints("9/5/3", "2 connections", "failures: 0");
            assertTrue(Ss.keepalive(app.port()).values().stream().allMatch(on -> on), "kept");
            Cli.run(jdk, "list").prints("9/5/3");
          }
        });
  }

  private static AttachTargetApp start(Jdk jdk) throws Exception {
    return AttachTargetApp.start(jdk, "-javaagent:" + AttachTargetApp.jar());
  }

  /** Nothing of the agent is there, nor is anything that it would do to what is opened from now. */
  private static void assertUntouched(Jdk jdk, AttachTargetApp app, int pairs) throws Exception {
    Cli.run(jdk, "status", app.pid()).fails(1, "hb-agent is not in it");
    assertEquals(List.of(), app.tell("properties"));
    Waiting.forValue(
        app.forked(), () -> app.tell("measure").get(0).contains("ours=0 ") ? true : null);
    Map<String, Boolean> before = Ss.keepalive(app.port());
    app.tell("open 1");
    Map<String, Boolean> after = new TreeMap<>(Ss.keepalive(app.port()));
    assertEquals(2 * pairs, after.size());
    after.keySet().removeAll(before.keySet());
    assertEquals(List.of(false, false), List.copyOf(after.values()), "opened since");
  }
}
