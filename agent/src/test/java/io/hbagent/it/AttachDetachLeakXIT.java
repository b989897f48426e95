package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Repeated attach and detach leak nothing in the target. */
class AttachDetachLeakXIT {

  private static final int ROUNDS = 60;

  /**
   * KiB of heap that they may leave: the JDK's Instrumentation keeps less than 5 KiB of each agent.
   */
  private static final int HEAP_KIB = 460;

  /**
   * Rounds before the first measurement, in which the JDK loads what it loads once, including the
   * accessors that a JDK up to 17 generates at the sixteenth reflective call.
   */
  private static final int FIRST = 20;

  /**
   * Serial: a collector whose used bytes are live objects only. The parallel one of JDK 8 leaves 10
   * MiB of dead objects at the bottom of the heap.
   */
  private static final String COLLECTOR = "-XX:+UseSerialGC";

  @TestFactory
  Stream<DynamicTest> leakNothing() {
    return Jdk.each(AttachDetachLeakXIT::rounds);
  }

  private static void rounds(Jdk jdk) throws Exception {
    String spy = "-javaagent:" + AttachTargetApp.jar();
    try (AttachTargetApp app =
        AttachTargetApp.start(jdk, spy, COLLECTOR, "-XX:SoftRefLRUPolicyMSPerMB=0")) {
      app.command("open 3");
      for (int i = 0; i < FIRST; i++) {
        round(app);
      }
      // Another process on this machine may ask this JVM for its properties at any moment, for
      // which
      // it loads some 70 classes of its own.
      Cli.run(Jdk.running(), "list").prints(app.pid());
      String before = app.command("measure").get(0);
      for (int i = 0; i < ROUNDS; i++) {
        round(app);
      }
      String after = app.command("measure").get(0);
      // JDK 8 has many finalizers, which run at any time.
      for (int i = 0; i < 20 && value(after, "heap") > value(before, "heap") + HEAP_KIB; i++) {
        after = app.command("measure").get(0);
      }
      String both = before + " -> " + after;
      System.out.println(jdk + ", " + ROUNDS + " rounds: " + both);
      assertTrue(after.contains(" agent-threads= "), both);
      assertEquals(value(before, "threads"), value(after, "threads"), both);
      assertTrue(value(after, "classes") <= value(before, "classes") + 20, both);
      assertTrue(value(after, "heap") <= value(before, "heap") + HEAP_KIB, both);
    }
  }

  private static void round(AttachTargetApp app) throws Exception {
    Cli.run(Jdk.running(), "attach", app.pid(), "idle=7").prints("6 connections given the policy");
    Cli.run(Jdk.running(), "detach", "--restore", app.pid()).prints("turned off on 6 connections");
  }

  private static int value(String line, String key) {
    return Integer.parseInt(line.replaceAll(".*\\b" + key + "=(\\d+).*", "$1"));
  }
}
