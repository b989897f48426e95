package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Open connections that an attach skips are reported with their number and the reason. */
class AttachSkipsXIT {

  private static final KernelTimers KERNEL = KernelTimers.read();

  /** Seconds, more than the kernel's timers take to detect a dead peer. */
  private static final int LATER = KERNEL.deadAfter() + 1000;

  @TempDir Path folder;
  private Path rules;

  @BeforeEach
  void writeRules() throws IOException {
    assumeTrue(Ss.isThere(), "iproute2's ss is not installed");
    rules =
        Text.write(
            folder.resolve("rules.properties"),
            "rules = servers",
            "rule.servers.role = server",
            "rule.servers.keepalive = off");
  }

  @TestFactory
  Stream<DynamicTest> connectionsThatHaveThePolicy() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            app.command("open 2");
            Cli.run(jdk, "attach", app.pid(), "idle=100")
                .prints("4 connections given the policy\n          0 skipped\n");
            Cli.run(jdk, "detach", app.pid()).prints("4 connections keep");
            app.command("open 1");
            skips(jdk, app, "idle=100", 2, "4 skipped: 4 have it already");
            assertEquals(List.of(100, 100, 100, 100, 100, 100), idle(app));
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> connectionsThatARuleTurnsOff() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            app.command("open 2");
            skips(jdk, app, "idle=100,config=" + rules, 2, "2 skipped: 2 off by rule");
            assertEquals(List.of(-1, -1, 100, 100), idle(app));
          }
        });
  }

  /**
   * Options that differ from the kernel's defaults count as the application's, also after an
   * earlier attach, and after one that overrode them.
   */
  @TestFactory
  Stream<DynamicTest> optionsOfTheApplication() {
    return Jdk.each(
        jdk -> {
          String one = "1 skipped: 1 chosen by the application (conflict=respect)";
          try (Session session = new Session(new Jvm(jdk))) {
            String pid = String.valueOf(session.app().pid());
            session.command("open a 127.0.0.1 0");
            session.command("set a keepalive=1 idle=77 intvl=78 cnt=8");
            Cli.run(jdk, "attach", pid, "idle=100,conflict=respect")
                .prints("1 connection given the policy", one);
            assertEquals(List.of("77 78 8", "100 5 3"), timers(session));
            Cli.run(jdk, "attach", pid, "idle=1000").prints("2 connections given the policy");
            assertEquals(List.of("1000 5 3", "1000 5 3"), timers(session));
            Cli.run(jdk, "attach", pid, "idle=3000,conflict=respect")
                .prints("1 connection given the policy", one);
            assertEquals(List.of("77 78 8", "3000 5 3"), timers(session));
            Cli.run(jdk, "attach", pid, "idle=1000").prints("2 connections given the policy");
            session.command("undo a"); // enforced, and remembered for the restore
            assertEquals(List.of("1000 5 3", "1000 5 3"), timers(session));
            Cli.run(jdk, "detach", "--restore", pid).prints("turned off on 2 connections");
            assertEquals("77 78 8", timers(session).get(0));
          }
        });
  }

  /** Returns the timers of the client and of the server. */
  private static List<String> timers(Session session) throws InterruptedException {
    return session.command("read a").stream()
        .map(line -> line.options().replaceAll(".* idle=| intvl=| cnt=| user.*", " ").trim())
        .toList();
  }

  /** Keepalive that is on does not make the kernel's timers the application's choice. */
  @TestFactory
  Stream<DynamicTest> connectionsWithTheKernelsTimersAreNotSkipped() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            app.command("open 2");
            app.command("want");
            skips(jdk, app, "idle=100,conflict=respect", 4, "0 skipped");
            assertEquals(List.of(100, 100, 100, 100), idle(app));
          }
        });
  }

  /**
   * The kernel's timers detect a dead peer sooner than the first policy and later than the second.
   */
  @TestFactory
  Stream<DynamicTest> tighterOptionsOfTheApplication() {
    assumeTrue(KERNEL.deadAfter() > 200, "the kernel's own timers are too short: " + KERNEL);
    return Jdk.each(
        jdk -> {
          String one = "1 skipped: 1 chosen by the application (conflict=tighten)";
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            app.command("open 2");
            app.command("want");
            skips(jdk, app, "idle=" + LATER + ",conflict=tighten", 3, one);
            assertEquals(sorted(KERNEL.idle(), LATER, LATER, LATER), idle(app));
            Cli.run(jdk, "attach", app.pid(), "idle=100,conflict=tighten")
                .prints("4 connections given the policy");
            assertEquals(List.of(100, 100, 100, 100), idle(app));
            Cli.run(jdk, "attach", app.pid(), "idle=" + LATER + ",conflict=tighten")
                .prints("3 connections given the policy", one);
            assertEquals(sorted(KERNEL.idle(), LATER, LATER, LATER), idle(app));
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> allReasonsInOneLine() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            app.command("open 1");
            Cli.run(jdk, "attach", app.pid(), "idle=" + LATER)
                .prints("2 connections given the policy");
            Cli.run(jdk, "detach", app.pid()).prints("2 connections keep");
            app.command("open 1");
            app.command("want");
            app.command("open 1");
            String why =
                "5 skipped: 1 have it already, 3 off by rule,"
                    + " 1 chosen by the application (conflict=tighten)";
            skips(jdk, app, "idle=" + LATER + ",conflict=tighten,config=" + rules, 1, why);
          }
        });
  }

  /** Checks the report of the attach, and that a dry run before it reports the same. */
  private static void skips(Jdk jdk, AttachTargetApp app, String options, int given, String why)
      throws Exception {
    String connections = given + (given == 1 ? " connection " : " connections ");
    Cli.run(jdk, "attach", "--dry-run", app.pid(), options)
        .prints(connections + "would be given the policy", why);
    Cli.run(jdk, "attach", app.pid(), options)
        .prints("attached", connections + "given the policy", why);
  }

  /** Remaining seconds of each connection's timer as the kernel reports them; -1 for none. */
  private static List<Integer> idle(AttachTargetApp app) throws Exception {
    return Ss.connections(app.port()).stream()
        .filter(one -> one.state().equals("ESTAB"))
        .map(one -> one.timer().equals("keepalive") ? idle(one.seconds()) : -1)
        .sorted()
        .toList();
  }

  private static List<Integer> sorted(Integer... idles) {
    return Stream.of(idles).sorted().toList();
  }

  /**
   * Returns the idle time, of those used here, which are minutes apart, that has so many seconds
   * left.
   */
  private static int idle(double left) {
    return Stream.of(100, 1000, 3000, KERNEL.idle(), LATER)
        .sorted()
        .filter(each -> each >= left)
        .findFirst()
        .orElseThrow();
  }
}
