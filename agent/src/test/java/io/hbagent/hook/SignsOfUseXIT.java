package io.hbagent.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.it.Forked;
import io.hbagent.it.Jdk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The classes that show whether sockets were in use before the agent was loaded. */
class SignsOfUseXIT {

  @TestFactory
  Stream<DynamicTest> areThereOnceSocketsWereUsed() {
    return Jdk.each(
        jdk -> {
          List<String> loaded =
              loaded(
                  jdk,
                  "-cp",
                  System.getProperty("testapp.jar"),
                  "io.hbagent.testapp.probe.Probe",
                  "--families=4",
                  "--threads=platform",
                  "socket-connect",
                  "serversocket-port");
          assertTrue(loaded.contains("sun.nio.ch.Net$1"), "sun.nio.ch.Net$1");
          if (loaded.contains("java.net.AbstractPlainSocketImpl")) {
            assertTrue(loaded.contains("java.net.AbstractPlainSocketImpl$1"), "that of Sockets");
          }
        });
  }

  /** Else every start would wait for the weaving. */
  @TestFactory
  Stream<DynamicTest> areNotThereWhenTheJvmHasJustStarted() {
    return Jdk.each(jdk -> assertEquals(List.of(), loaded(jdk, "-version")));
  }

  /** The signs, and what they are signs for, that a JVM has loaded when it ends. */
  private static List<String> loaded(Jdk jdk, String... arguments)
      throws IOException, InterruptedException {
    List<String> wanted = new ArrayList<>(List.of(HookTable.signsOfUse()));
    wanted.add("java.net.AbstractPlainSocketImpl");
    List<String> command = new ArrayList<>(jdk.command());
    command.addAll(jdk.opens());
    command.add("-verbose:class");
    command.addAll(List.of(arguments));
    try (Forked jvm = new Forked(new ProcessBuilder(command))) {
      assertEquals(0, jvm.exit(), jvm.describe("exit"));
      List<String> lines = jvm.out();
      assertTrue(lines.stream().anyMatch(line -> line.contains("java.lang.Object ")), "a list");
      return wanted.stream()
          .filter(name -> lines.stream().anyMatch(line -> line.contains(" " + name + " ")))
          .toList();
    }
  }
}
