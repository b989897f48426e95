package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The managed bean, and the status that goes on. */
class AttachManagementXIT {

  @TestFactory
  Stream<DynamicTest> beanTellsAndDoesWhatTheCommandLineCan() {
    return Jdk.each(AttachManagementXIT::bean);
  }

  private static void bean(Jdk jdk) throws Exception {
    try (AttachTargetApp app = AttachTargetApp.start(jdk, "-javaagent:" + Jvm.AGENT + "=idle=7")) {
      app.tell("open 1");
      // The agent has answered, so it has looked for a server more than once, and made none.
      Cli.run(jdk, "status", app.pid()).prints("2 connections");
      assertEquals(List.of("servers 0"), app.tell("beans"));

      assertEquals(List.of("bean 1"), app.tell("jmx get Connected"));
      assertEquals(List.of("bean 0"), app.tell("jmx get Failures"));
      assertEquals(List.of("bean 0"), app.tell("jmx get HalfOpenNow"));
      assertContains(app.tell("jmx get Settings"), "idle=7s");
      assertContains(app.tell("jmx status"), "\"role\": \"server\"", "\"idle\": 7");
      assertContains(app.tell("jmx reconfigure idle=9"), "reconfigured", "\"given\": 2");
      assertContains(app.tell("jmx reconfigure idle=0"), "bean idle=0", "1s to 32767s");
      assertContains(app.tell("jmx reload"), "unchanged");
      assertContains(app.tell("jmx status"), "\"idle\": 9");
      assertContains(app.tell("jmx detach true"), "\"turned-off\": 2");
      Cli.run(jdk, "status", app.pid()).fails(1, "hb-agent is not in it");
      assertTrue(app.tell("measure").get(0).contains("ours= "), "no thread of ours");
    }
  }

  private static void assertContains(List<String> lines, String... texts) {
    String all = String.join("\n", lines);
    for (String text : texts) {
      assertTrue(all.contains(text), all);
    }
  }

  /** One agent is loaded for it, however long it goes on. */
  @TestFactory
  Stream<DynamicTest> watchGoesOnUntilItEnds() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            Cli.run(jdk, "attach", app.pid(), "idle=7").prints("attached");
            app.tell("open 1");
            try (Forked watch = Cli.start(jdk, List.of(), "status", "--watch", app.pid())) {
              watch.awaitOut(0, line -> line.startsWith("2 connections"));
              app.tell("open 1");
              watch.awaitOut(0, line -> line.startsWith("4 connections"));
              Cli.run(jdk, "detach", app.pid()).prints("detached");
              assertEquals(1, watch.exit(), watch.describe("detached under it"));
              watch.awaitErr(0, line -> line.endsWith(": hb-agent was detached"));
            }
          }
        });
  }
}
