package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Several commands attach to one JVM at the same time. */
class AttachConcurrentXIT {

  @TestFactory
  Stream<DynamicTest> oneAttachesTheOtherReconfigures() {
    return Jdk.each(AttachConcurrentXIT::twice);
  }

  private static void twice(Jdk jdk) throws Exception {
    try (AttachTargetApp app = AttachTargetApp.start(jdk, "-javaagent:" + AttachTargetApp.jar())) {
      app.command("open 1");
      Map<String, String> bytes = app.bytes();
      // The first request is blocked, so that both overlap on any machine.
      app.command("hold io/hbagent/AgentMain");
      try (Forked seven = Cli.start(jdk, List.of(), "attach", app.pid(), "idle=7");
          Forked nine = Cli.start(jdk, List.of(), "attach", app.pid(), "idle=9")) {
        for (Forked each : List.of(seven, nine)) {
          each.awaitErr(0, line -> line.contains("waiting for JVM " + app.pid()));
        }
        app.command("go");
        Cli first = Cli.end(seven);
        Cli second = Cli.end(nine);
        first.prints("idle=7s", "2 connections given the policy");
        second.prints("idle=9s", "2 connections given the policy");
        boolean sevenWasLast = first.out().contains("reconfigured");
        (sevenWasLast ? second : first).prints("hb-agent", " attached\n");
        (sevenWasLast ? first : second).prints("hb-agent", " reconfigured\n");
        check(jdk, app, sevenWasLast ? "7/5/3" : "9/5/3");
      }
      Cli.run(jdk, "detach", "--restore", app.pid()).prints("turned off on 6 connections");
      assertEquals(bytes, app.bytes());
      assertFalse(app.hasAgentThread());
      Cli.run(jdk, "status", app.pid()).fails(1, "hb-agent is not in it");
    }
  }

  /** Checks that every connection has the policy and that a new one passes one hook only. */
  private static void check(Jdk jdk, AttachTargetApp app, String policy) throws Exception {
    String measured = app.command("measure").get(0);
    assertTrue(measured.contains(" agent-threads=hb-agent,hb-agent-log "), measured);
    app.command("open 2"); // the first is accepted by code from before the attach
    Cli status = Cli.run(jdk, "status", app.pid());
    status.prints("2 connected, 1 accepted,", "6 connections", "failures: 0");
    List<String> rows =
        status.lines().stream().filter(line -> line.matches(".* [<>] .* ESTAB .*")).toList();
    assertEquals(6, rows.size());
    assertTrue(rows.stream().allMatch(row -> row.contains(" " + policy + " ")), status.out());
    Cli.run(jdk, "list").prints(policy);
    long started =
        app.forked().err().stream().filter(line -> line.contains(" event=started ")).count();
    assertEquals(1, started, "agents");
  }

  /** The same with many commands and without holding any. */
  @TestFactory
  Stream<DynamicTest> severalAtOnce() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            app.command("open 1");
            try (Forked first = Cli.start(jdk, List.of(), "attach", app.pid(), "idle=7");
                Forked second = Cli.start(jdk, List.of(), "attach", app.pid(), "idle=7");
                Forked third = Cli.start(jdk, List.of(), "attach", app.pid(), "idle=7")) {
              int attached = 0;
              for (Forked each : List.of(first, second, third)) {
                Cli cli = Cli.end(each).prints("idle=7s");
                attached += cli.out().contains(" attached\n") ? 1 : 0;
                cli.check(cli.out().matches("(?s).* (attached|unchanged)\n.*"), "one or the other");
              }
              assertEquals(1, attached);
            }
            check(jdk, app, "7/5/3");
          }
        });
  }
}
