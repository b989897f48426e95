package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Attach, status, reconfigure and detach, from the command line of another JDK. */
class AttachXIT {

  /** Runs JDK 8, 17 and the newest as command line and as target, as far as they are installed. */
  @TestFactory
  Stream<DynamicTest> attachStatusDetach() {
    assumeTrue(Ss.isThere(), "iproute2's ss is not installed");
    Set<Jdk> some = new LinkedHashSet<>();
    for (Jdk jdk : Jdk.all()) {
      if (jdk.version() == 8 || jdk.version() == 17 || jdk.equals(newest())) {
        some.add(jdk);
      }
    }
    if (some.size() > 1) {
      some.add(Jdk.running()); // which the matrix leaves out
    }
    return some.stream()
        .flatMap(
            cli ->
                some.stream()
                    .map(
                        target ->
                            DynamicTest.dynamicTest(
                                cli + " attaches to " + target, () -> lifecycle(cli, target))));
  }

  private static Jdk newest() {
    return Jdk.all().stream().max((a, b) -> Integer.compare(a.version(), b.version())).get();
  }

  private static void lifecycle(Jdk cli, Jdk target) throws Exception {
    try (AttachTargetApp app = AttachTargetApp.start(target)) {
      app.command("open 3");
      Cli.run(cli, "status", app.pid()).fails(1, "hb-agent is not in it; use attach first");
      Cli.run(cli, "attach", "--dry-run", app.pid(), "idle=7")
          .prints("6 connections would be given the policy", "nothing was changed");
      assertTrue(Ss.keepalive(app.port()).values().stream().noneMatch(on -> on), "untouched");

      Cli.run(cli, "attach", app.pid(), "idle=7")
          .prints("attached", "6 connections given the policy", "1 listener given it", "idle=7s");
      app.command("open 2");
      assertEquals(Ss.keepalive(app.port()), status(cli, app, 7));
      assertEquals(10, status(cli, app, 7).size());

      Cli.run(cli, "attach", app.pid(), "idle=9")
          .prints("reconfigured", "10 connections given the policy", "idle=9s");
      assertEquals(Ss.keepalive(app.port()), status(cli, app, 9));
      Cli.run(cli, "attach", app.pid(), "idle=9").prints("unchanged");
      Cli.run(cli, "list").prints("9/5/3");

      Cli.run(cli, "detach", app.pid()).prints("10 connections keep the options");
      assertTrue(Ss.keepalive(app.port()).values().stream().allMatch(on -> on), "kept");
      app.command("open 1");
      assertEquals(2, Ss.keepalive(app.port()).values().stream().filter(on -> !on).count());
      assertFalse(app.hasAgentThread());
      assertEquals(List.of(), app.command("properties"));

      Cli.run(cli, "attach", app.pid(), "idle=7").prints("12 connections given the policy");
      app.command("open 1");
      app.command("want");
      Cli.run(cli, "detach", "--restore", app.pid())
          .prints("keepalive turned off on 3 connections");
      assertEquals(3, Ss.keepalive(app.port()).values().stream().filter(on -> !on).count());
    }
  }

  /**
   * Returns the connections of the report in the form of {@link Ss}, after checking their idle
   * time.
   */
  private static Map<String, Boolean> status(Jdk cli, AttachTargetApp app, int idle)
      throws Exception {
    Cli status = Cli.run(cli, "status", "--json", app.pid()).prints("\"failures\": 0");
    Map<String, Boolean> found = new TreeMap<>();
    for (Map<String, String> one : StatusJson.connections(status)) {
      found.put(one.get("local") + " " + one.get("remote"), one.get("keepalive").equals("on"));
      status.check(one.get("idle").equals(String.valueOf(idle)), "idle " + idle);
    }
    return found;
  }

  @TestFactory
  Stream<DynamicTest> bytesAreTheOriginalOnesAfterDetach() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            Map<String, String> before = app.bytes();
            Cli.run(jdk, "attach", app.pid()).prints("attached");
            assertNotEquals(before, app.bytes());
            Cli.run(jdk, "detach", app.pid()).prints("detached");
            assertEquals(before, app.bytes());
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> agentFromTheStartIsFoundAndDetached() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app =
              AttachTargetApp.start(jdk, "-javaagent:" + Jvm.AGENT + "=idle=7")) {
            app.command("open 1");
            Cli.run(jdk, "status", app.pid()).prints("7/5/3", "1 connected, 1 accepted");
            Cli.run(jdk, "attach", app.pid(), "keepalive=off").prints("2 turned off");
            Cli.run(jdk, "attach", app.pid(), "idle=8").prints("2 connections given");
            Cli.run(jdk, "detach", "--restore", app.pid()).prints("turned off on 2 connections");
          }
        });
  }
}
