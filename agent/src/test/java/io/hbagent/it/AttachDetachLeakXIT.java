package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Repeated attach and detach leak nothing in the target. */
class AttachDetachLeakXIT {

  private static final int ROUNDS = 100;

  /**
   * Bytes of heap that 100 agents may leave: the JDK's Instrumentation keeps less than 5 KiB of
   * each.
   */
  private static final int HEAP_KIB = 768;

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
    // The command line runs in this JVM, from its jar: a JVM for each command would take minutes.
    String spy = "-javaagent:" + AttachTargetApp.jar();
    URL[] jar = {Jvm.AGENT.toUri().toURL()};
    try (URLClassLoader loader =
            new URLClassLoader(jar, ClassLoader.getSystemClassLoader().getParent());
        AttachTargetApp app =
            AttachTargetApp.start(jdk, spy, COLLECTOR, "-XX:SoftRefLRUPolicyMSPerMB=0")) {
      app.command("open 3");
      Method commandLine = loader.loadClass("io.hbagent.CliMain").getDeclaredMethod("loader");
      commandLine.setAccessible(true);
      Method run =
          ((ClassLoader) commandLine.invoke(null))
              .loadClass("io.hbagent.cli.Main")
              .getDeclaredMethod("run", String[].class);
      run.setAccessible(true);
      for (int i = 0; i < FIRST; i++) {
        round(run, app);
      }
      // Another process on this machine may ask this JVM for its properties at any moment, for
      // which
      // it loads some 70 classes of its own.
      command(run, "list");
      String before = app.command("measure").get(0);
      for (int i = 0; i < ROUNDS; i++) {
        round(run, app);
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

  private static void round(Method run, AttachTargetApp app) throws Exception {
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      command(run, "attach", app.pid(), "idle=7");
      command(run, "detach", "--restore", app.pid());
    } finally {
      System.setOut(out);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("6 connections given the policy"), text);
    assertTrue(text.contains("turned off on 6 connections"), text);
  }

  private static void command(Method run, String... arguments) throws Exception {
    assertEquals(0, (int) run.invoke(null, (Object) arguments), String.join(" ", arguments));
  }

  private static int value(String line, String key) {
    return Integer.parseInt(line.replaceAll(".*\\b" + key + "=(\\d+).*", "$1"));
  }
}
