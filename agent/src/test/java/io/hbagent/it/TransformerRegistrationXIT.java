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
 * The transformer is deregistered once all methods of the JVM are woven, by the time of the start
 * line, so that class loading costs what it costs without an agent; and it is registered again when
 * a class may come that has to be woven.
 */
class TransformerRegistrationXIT {

  /**
   * Size in KiB of the class that is defined: a JVM copies it into an array for each transformer.
   */
  private static final int CLASS_KIB = 1000;

  private static final String RULE = "-javaagent:" + Jvm.AGENT + "=idle=7";

  /** Not on JDK 8, which calls Java code for every class once any agent is loaded. */
  @TestFactory
  Stream<DynamicTest> deregisteredAfterStart() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk, RULE)) {
            app.command("define Warm");
            assertEquals(jdk.version() == 8, CLASS_KIB <= allocated(app, "Deregistered"));
          }
        });
  }

  /**
   * The library began to load before the hook that would register the transformer again was woven.
   */
  @TestFactory
  Stream<DynamicTest> libraryBeingLoadedIsSeen() {
    return Jdk.each(
        jdk -> {
          assumeTrue(
              jdk.version() > 8,
              "JDK 8 keeps the transformer registered, and loads one library at a time");
          try (AttachTargetApp app = start(jdk, RULE, "-Dlibrary=yes")) {
            app.command("define Warm");
            assertTrue(allocated(app, "LoadingLibrary") >= CLASS_KIB);
            app.command("go");
            app.forked().awaitOut(0, line -> line.equals("no library"));
          }
        });
  }

  /** Shows that the measurement detects a registered transformer. */
  @TestFactory
  Stream<DynamicTest> staysRegisteredAfterAttach() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            app.command("define Warm");
            assertTrue(allocated(app, "Before") < CLASS_KIB);
            Cli.run(jdk, "attach", app.pid()).prints("attached");
            assertTrue(allocated(app, "After") >= CLASS_KIB);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> deregisteredAfterWatchdogStarts() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk, RULE + ",watchdog=1s")) {
            app.command("define Warm");
            Cli.run(jdk, "status", app.pid()).prints("watchdog");
            assertEquals(jdk.version() == 8, CLASS_KIB <= allocated(app, "Deregistered"));
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
                app.command("redefine " + name);
              }
            }
            both(app);
            Cli.run(jdk, "status", "--json", app.pid()).prints("\"failures\": 0");
          }
        });
  }

  /** The other agent retransforms the class again later. */
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
              Cli.run(jdk, "status", app.pid())
                  .prints("watchdog"); // the watchdog's hooks are woven
              app.command("define Warm");
              // The other agent's transformer gets each class as well.
              assertEquals(jdk.version() == 8, 2 * CLASS_KIB <= allocated(app, "Deregistered"));
              app.command("retransform " + name);
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
   * A detach does not undo another agent's redefinition. Up to JDK 19 the JVM starts from the
   * original class file whenever it retransforms a woven class (JDK-7124710).
   */
  @TestFactory
  Stream<DynamicTest> redefinitionStaysAfterDetach() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = start(jdk, RULE, "-javaagent:" + AttachTargetApp.jar())) {
            app.command("mark sun.nio.ch.Net");
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
              app.command("open 1");
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

  /** The transport is woven while it is loaded, because the JDK's sockets are not all woven yet. */
  @TestFactory
  Stream<DynamicTest> transportIsRestoredAfterDetach() {
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
  Stream<DynamicTest> transportLoadedBeforeItsLibrary() {
    return Jdk.each(jdk -> transport(jdk, "transport-on-signal"));
  }

  @TestFactory
  Stream<DynamicTest> transportLoadedAfterItsLibrary() {
    return Jdk.each(jdk -> transport(jdk, "transport-after-its-library"));
  }

  private static void transport(Jdk jdk, String scenario) throws Exception {
    Jvm jvm = new Jvm(jdk).agent(ProbeRun.OPTIONS);
    try (Forked forked = jvm.start("--families=4", "--threads=platform", scenario)) {
      forked.awaitErr(0, StartLine::isStart);
      forked.awaitOut(0, line -> line.equals("ready"));
      forked.send("now");
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
    return Integer.parseInt(app.command("define " + name).get(0).substring("allocated ".length()));
  }

  /** Checks that a new connection has keepalive on both ends. */
  private static void both(AttachTargetApp app) throws Exception {
    app.command("open 1");
    Map<String, Boolean> ends = Ss.keepalive(app.port());
    assertEquals(2, ends.size(), ends::toString);
    assertTrue(ends.values().stream().allMatch(on -> on), ends::toString);
  }
}
