package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Once all that a JVM has is woven, its class loading goes on as without an agent, and whatever
 * brings something to weave is seen nevertheless. It rests by the time of the start line.
 */
class RestXIT {

  /** A JVM that shows a class to an agent makes an array of it, whose size is this, in KiB. */
  private static final int CLASS_KIB = 1000;

  private static final String RULE = "-javaagent:" + Jvm.AGENT + "=idle=7";

  /** JDK 8 calls Java for every class as soon as there is an agent of any kind. */
  @TestFactory
  Stream<DynamicTest> classesAreNotShownToTheAgentAnyMore() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk, RULE)) {
            app.tell("define Warm");
            assertEquals(jdk.version() == 8, CLASS_KIB <= allocated(app, "Resting"));
          }
        });
  }

  /** It was on its way before the hook that would register the transformer again was woven. */
  @TestFactory
  Stream<DynamicTest> aLibraryThatIsBeingLoadedMeanwhileIsSeen() {
    return Jdk.each(
        jdk -> {
          assumeTrue(
              jdk.version() > 8, "a JDK 8 never rests, and loads one library at a time for all");
          try (AttachTargetApp app = start(jdk, RULE, "-Dlibrary=yes")) {
            app.tell("define Warm");
            assertTrue(allocated(app, "Asked") >= CLASS_KIB);
            app.tell("go");
            app.forked().awaitOut(0, line -> line.equals("there is none"));
          }
        });
  }

  /** The measure is a real one: a transformer that is there is seen by it. */
  @TestFactory
  Stream<DynamicTest> attachedToARunningJvmTheyAre() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            app.tell("define Warm");
            assertTrue(allocated(app, "Before") < CLASS_KIB);
            Cli.run(jdk, "attach", app.pid()).prints("attached");
            assertTrue(allocated(app, "After") >= CLASS_KIB);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> theWatchdogsHooksChangeNothingOfIt() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk, RULE + ",watchdog=1s")) {
            app.tell("define Warm");
            Cli.run(jdk, "status", app.pid()).prints("watchdog");
            assertEquals(jdk.version() == 8, CLASS_KIB <= allocated(app, "Resting"));
            both(app);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> anotherAgentRetransforms() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk, RULE)) {
            Map<String, String> woven = app.bytes(); // retransforms all
            both(app);
            assertEquals(woven, app.bytes());
            Cli.run(jdk, "detach", app.pid()).prints("detached");
            assertNotEquals(woven, app.bytes());
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> anotherAgentRedefines() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk, RULE, "-javaagent:" + AttachTargetApp.jar())) {
            for (String name :
                List.of("sun.nio.ch.Net", "sun.nio.ch.NioSocketImpl", "java.lang.Runtime")) {
              if (jdk.version() >= 13 || !name.endsWith("Impl")) {
                app.tell("redefine " + name);
              }
            }
            both(app);
            Cli.run(jdk, "status", "--json", app.pid()).prints("\"failures\": 0");
          }
        });
  }

  /** It retransforms the class again later. */
  @TestFactory
  Stream<DynamicTest> anotherAgentHadChangedWhatIsWoven() {
    return Jdk.each(
        jdk -> {
          for (String name :
              List.of(
                  "java.lang.Runtime",
                  jdk.version() < 21
                      ? "sun.nio.ch.SocketDispatcher"
                      : "sun.nio.ch.UnixDispatcher")) {
            try (AttachTargetApp app =
                start(
                    jdk,
                    RULE + ",watchdog=1s",
                    "-Dalter=" + name,
                    "-javaagent:" + AttachTargetApp.jar())) {
              Cli.run(jdk, "status", app.pid()).prints("watchdog"); // its hooks are woven
              app.tell("define Warm");
              // The other agent is shown each class as well.
              assertEquals(jdk.version() == 8, 2 * CLASS_KIB <= allocated(app, "Resting"));
              app.tell("retransform " + name);
              if (jdk.version() > 8 || !name.endsWith("Runtime")) {
                assertTrue(callsBridge(app, name), name);
              }
              both(app);
              Cli.run(jdk, "status", "--json", app.pid()).prints("\"failures\": 0");
            }
          }
        });
  }

  private static boolean callsBridge(AttachTargetApp app, String name) throws Exception {
    String bridge =
        HexFormat.of().formatHex("java/net/HbAgentBridge".getBytes(StandardCharsets.US_ASCII));
    return app.methods(name).values().stream().anyMatch(method -> method.contains(bridge));
  }

  /**
   * What another agent has made of a class is not taken from it by a detach. Until JDK 19 the JVM
   * goes back to the first class file whenever it retransforms a woven class (JDK-7124710).
   */
  @TestFactory
  Stream<DynamicTest> aRedefinitionStaysAfterDetach() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk, RULE, "-javaagent:" + AttachTargetApp.jar())) {
            app.tell("mark sun.nio.ch.Net");
            both(app);
            Cli.run(jdk, "detach", app.pid()).prints("detached");
            String mark = HexFormat.of().formatHex("marked".getBytes(StandardCharsets.US_ASCII));
            assertEquals(jdk.version() > 19, app.bytes().get("sun/nio/ch/Net").contains(mark));
            assertTrue(!callsBridge(app, "sun.nio.ch.Net"));
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> methodsAreTheOriginalOnesAfterDetach() {
    return Jdk.each(
        jdk -> {
          Map<String, String> before;
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            before = app.methods();
          }
          for (String more : List.of("", ",watchdog=1s")) {
            try (AttachTargetApp app = start(jdk, RULE + more)) {
              app.tell("open 1");
              Cli.run(jdk, "detach", app.pid()).prints("detached");
              Map<String, String> after = app.methods();
              for (Map.Entry<String, String> one : before.entrySet()) {
                assertEquals(one.getValue(), after.get(one.getKey()), one.getKey());
              }
              assertEquals(before.keySet(), after.keySet());
            }
          }
        });
  }

  /** It comes while the sockets of the JDK are not all woven yet. */
  @TestFactory
  Stream<DynamicTest> aTransportIsGivenBackAfterDetach() {
    return Jdk.each(
        jdk -> {
          String transport = "-Dtransport=" + Jvm.TESTAPP;
          Map<String, String> before;
          try (AttachTargetApp app = AttachTargetApp.start(jdk, transport)) {
            before = app.methods("transport");
            assertTrue(!before.isEmpty());
          }
          try (AttachTargetApp app = start(jdk, RULE, transport)) {
            assertNotEquals(before, app.methods("transport"));
            Cli.run(jdk, "detach", app.pid()).prints("detached");
            assertEquals(before, app.methods("transport"));
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> transportFromTheFirstMoment() {
    return Jdk.each(jdk -> transport(new Jvm(jdk), "transport", false));
  }

  @TestFactory
  Stream<DynamicTest> transportThatCameBeforeItsLibrary() {
    return Jdk.each(jdk -> transport(new Jvm(jdk), "transport-told", true));
  }

  @TestFactory
  Stream<DynamicTest> transportThatCameAfterItsLibrary() {
    return Jdk.each(jdk -> transport(new Jvm(jdk), "transport-after-its-library", true));
  }

  /**
   * @param told whether the scenario waits until the agent rests
   */
  private static void transport(Jvm jvm, String scenario, boolean told) throws Exception {
    jvm.agent(ProbeRun.OPTIONS);
    try (Forked forked = jvm.start("--families=4", "--threads=platform", scenario)) {
      if (told) {
        forked.awaitErr(0, StartLine::isStart);
        forked.awaitOut(0, line -> line.equals("ready"));
        forked.send("now");
      }
      ProbeRun run = new ProbeRun(forked, forked.exit());
      run.all(ProbeRun.POLICY).noFailures();
      run.check(run.lines().size() == 2, "both ends");
    }
  }

  private static AttachTargetApp start(Jdk jdk, String... options) throws Exception {
    AttachTargetApp app = AttachTargetApp.start(jdk, options);
    app.forked().awaitErr(0, StartLine::isStart);
    return app;
  }

  private static int allocated(AttachTargetApp app, String name) throws InterruptedException {
    return Integer.parseInt(app.tell("define " + name).get(0).substring("allocated ".length()));
  }

  /** A new connection carries keepalive at both ends. */
  private static void both(AttachTargetApp app) throws Exception {
    app.tell("open 1");
    Map<String, Boolean> ends = Ss.keepalive(app.port());
    assertEquals(2, ends.size(), ends::toString);
    assertTrue(ends.values().stream().allMatch(on -> on), ends::toString);
  }
}
