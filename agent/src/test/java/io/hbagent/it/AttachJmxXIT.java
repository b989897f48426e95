package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The MBean, and {@code status --watch}. */
class AttachJmxXIT {

  @TestFactory
  Stream<DynamicTest> beanOffersWhatTheCommandLineDoes() {
    return Jdk.each(AttachJmxXIT::bean);
  }

  private static void bean(Jdk jdk) throws Exception {
    try (AttachTargetApp app = AttachTargetApp.start(jdk, "-javaagent:" + Jvm.AGENT + "=idle=7")) {
      app.command("open 1");
      // The agent has answered, so it has looked for an MBean server more than once and created
      // none.
      Cli.run(jdk, "status", app.pid()).prints("2 connections");
      assertEquals(List.of("servers 0"), app.command("beans"));

      assertEquals(List.of("bean 1"), app.command("jmx get Connected"));
      assertEquals(List.of("bean 0"), app.command("jmx get Failures"));
      assertEquals(List.of("bean 0"), app.command("jmx get HalfOpenNow"));
      assertContains(app.command("jmx get Settings"), "idle=7s");
      assertContains(app.command("jmx status"), "\"role\": \"server\"", "\"idle\": 7");
      assertContains(app.command("jmx reconfigure idle=9"), "reconfigured", "\"given\": 2");
      assertContains(app.command("jmx reconfigure idle=0"), "bean idle=0", "1s to 32767s");
      assertContains(app.command("jmx reload"), "unchanged");
      assertContains(app.command("jmx status"), "\"idle\": 9");
      assertContains(app.command("jmx detach true"), "\"turned-off\": 2");
      Cli.run(jdk, "status", app.pid()).fails(1, "hb-agent is not in it");
      assertFalse(app.hasAgentThread());
    }
  }

  private static void assertContains(List<String> lines, String... texts) {
    String all = String.join("\n", lines);
    for (String text : texts) {
      assertTrue(all.contains(text), all);
    }
  }

  /** It loads one agent, however many times it prints. */
  @TestFactory
  Stream<DynamicTest> watchPrintsUntilTheTargetEnds() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            Cli.run(jdk, "attach", app.pid(), "idle=7").prints("attached");
            app.command("open 1");
            try (Forked watch = Cli.start(jdk, List.of(), "status", "--watch", app.pid())) {
              watch.awaitOut(0, line -> line.startsWith("2 connections"));
              app.command("open 1");
              watch.awaitOut(0, line -> line.startsWith("4 connections"));
              Cli.run(jdk, "detach", app.pid()).prints("detached");
              assertEquals(1, watch.exit(), watch.describe("detached under it"));
              watch.awaitErr(0, line -> line.endsWith(": hb-agent was detached"));
            }
          }
        });
  }
}
