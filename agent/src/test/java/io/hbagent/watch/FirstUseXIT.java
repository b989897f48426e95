package io.hbagent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hbagent.it.Forked;
import io.hbagent.it.Jdk;
import io.hbagent.it.SteadyMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the watchdog needs for a finding is there before the first one. A class whose initialiser
 * meets an empty heap stays unusable for as long as the JVM runs (JVMS 5.5), for the watchdog and,
 * where it is one of the JDK's, for the application: {@code Long.valueOf}, for one.
 */
@ExtendWith(SteadyMachine.class)
class FirstUseXIT {

  private static final String OPTIONS =
      "idle=1,intvl=1,cnt=6,watchdog=200ms,half-closed-after=1s,sweep=2,origin=true,"
          + "user-timeout=adaptive";

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> noClassIsInitialisedForAFinding() {
    return test("'io/hbagent/watch/FlightRecorder$Events'");
  }

  /** Nor for what is recorded of it. */
  @TestFactory
  Stream<DynamicTest> norForARecording() {
    return test(
        "'jdk/jfr/EventFactory'",
        "-XX:StartFlightRecording=filename=" + folder.resolve("of-it.jfr"));
  }

  /**
   * @param last of what is to be there before
   */
  private Stream<DynamicTest> test(String last, String... jvm) {
    return Jdk.each(
        jdk -> {
          assumeTrue(jdk.version() >= 9, "JDK 8 does not log initialisations");
          Path log = folder.resolve("init-" + jdk.version() + ".log");
          List<String> logging = new ArrayList<>(List.of(jvm));
          logging.add("-Xlog:class+init=info:file=" + log + ":tid");
          try (Network network = Network.create();
              Shop shop = Shop.openUnder(logging, network, jdk, OPTIONS)) {
            Forked client = shop.client();
            shop.tell("hold first");
            Path watchdog = shop.watchdogTask();
            String thread = "[" + watchdog.getFileName() + "]";
            awaitPreload(last, log, watchdog, thread);
            assertEquals(List.of(), Event.all(client), () -> client.describe("nothing said"));
            int from = Files.readAllLines(log).size();
            shop.tell("read probed");
            shop.tell("hold owned");
            shop.tell("own owned 3 3 3");
            shop.tell("close owned");
            network.hole();
            Event.await(client, "half-open");
            network.heal();
            Event.await(client, "recovered");
            shop.tell("hold written");
            network.hole();
            shop.tell("write written");
            client.awaitErr(0, line -> line.contains(" cause=unacknowledged-data "));
            shop.tell("close written");
            Event.await(client, "closed");
            Event.await(client, "dead");
            network.heal();
            shop.tell("hold closed-by-peer");
            shop.closeServer();
            Event.await(client, "half-closed");
            assertEquals(List.of(), initialised(log, from, thread));
            assertEquals(List.of(), ours(initialised(log, from, "[")));
            assertEquals(0, shop.status("failures"));
          }
        });
  }

  /** Waits until the preload has run and nothing more is initialised for some rounds. */
  private static void awaitPreload(String last, Path log, Path watchdog, String thread)
      throws Exception {
    List<String> before;
    List<String> now = List.of();
    int tries = 0;
    do {
      assertTrue(tries++ < 60, "preloaded within a minute or so");
      before = now;
      awaitRounds(watchdog);
      now = initialised(log, 0, thread);
    } while (!now.equals(before) || !isInitialised(last, log, thread));
  }

  /** Returns whether a class is initialised, with an initialiser or without one. */
  private static boolean isInitialised(String name, Path log, String thread) throws IOException {
    return Files.readAllLines(log).stream()
        .anyMatch(line -> line.startsWith(thread) && line.contains(" Initializing " + name));
  }

  /**
   * Until the watchdog has waited a few times. Not by asking it: then the agent's other thread uses
   * what is not to be used yet.
   */
  private static void awaitRounds(Path watchdog) throws Exception {
    long before = waits(watchdog);
    for (int i = 0; waits(watchdog) < before + 5; i++) {
      assertTrue(i < 600, "five rounds within a minute");
      Thread.sleep(100);
    }
  }

  /** How often a thread has waited for something: proc_pid_status(5). */
  private static long waits(Path task) throws IOException {
    for (String line : Files.readAllLines(task.resolve("status"))) {
      if (line.startsWith("voluntary_ctxt_switches:")) {
        return Long.parseLong(line.substring(line.indexOf(':') + 1).trim());
      }
    }
    throw new IllegalStateException("/proc does not say how often " + task + " has waited");
  }

  /** On other threads: the application initialises classes of the JDK itself. */
  private static List<String> ours(List<String> names) {
    return names.stream().filter(name -> name.startsWith("'io/hbagent/")).toList();
  }

  /** The names of the classes that have an initialiser: without one nothing can fail. */
  private static List<String> initialised(Path log, int from, String thread) throws IOException {
    return Files.readAllLines(log).stream()
        .skip(from)
        .filter(line -> line.startsWith(thread) && line.contains(" Initializing "))
        .filter(line -> !line.contains("(no method)"))
        .map(line -> line.substring(line.indexOf('\''), line.lastIndexOf('\'') + 1))
        .toList();
  }
}
