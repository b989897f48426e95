package io.hbagent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hbagent.it.Forked;
import io.hbagent.it.Jdk;
import io.hbagent.it.SteadyMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the watchdog must not do, and what it does with many. */
@ExtendWith(SteadyMachine.class)
class WatchdogXIT {

  private static final String QUICK = "idle=1,intvl=1,cnt=2";
  private static final int CROWD = 1_000;

  /** Five times as long as a user timeout that stood all the time would let it live. */
  private static final int HELD_MILLIS = 15_000;

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> aPeerThatDoesNotReadIsNeitherReportedNorDropped() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Apps apps = Apps.start(network, jdk, QUICK + ",watchdog,user-timeout=adaptive")) {
            apps.tell("flood");
            assertEquals(3, zeroWindows(network), "applications that cannot write");
            long end = System.nanoTime() + HELD_MILLIS * 1_000_000L;
            while (System.nanoTime() < end) {
              Thread.sleep(500);
              assertEquals(3, zeroWindows(network), "connections that wait for the reader");
            }
            for (Forked app : apps.byKind().values()) {
              assertEquals(List.of(), Event.all(app), () -> app.describe("silence"));
              assertTrue(app.out().stream().noneMatch(line -> line.contains("died")));
            }
          }
        });
  }

  /** Connections of our host whose kernel waits for the peer's window to open. */
  private static long zeroWindows(Network network) throws Exception {
    return Network.run(network.here("ss", "-Htno", "state", "established")).stream()
        .filter(line -> line.contains("timer:(persist"))
        .count();
  }

  /**
   * All are watched, also those that were opened in the middle of a round: on JDK 8 and 11 remote
   * addresses come from a snapshot of /proc, which is older than some.
   */
  @TestFactory
  Stream<DynamicTest> aThousandCutAtOnceAreSummedUp() {
    return Jdk.each(
        jdk -> {
          String options = QUICK + ",watchdog=100ms,sweep=off";
          try (Network network = Network.create();
              Apps apps = Apps.start(network, jdk, options, List.of("nio"), CROWD)) {
            Forked app = apps.byKind().get("nio");
            long rounds = Shop.status(app, "rounds");
            for (int i = 0; Shop.status(app, "rounds") < rounds + 3; i++) {
              assertTrue(i < 60, () -> app.describe("three rounds"));
            }
            assertEquals(CROWD, Shop.status(app, "watched"));
            network.hole();
            app.awaitErr(0, line -> sum(app, "half-open") == CROWD && sum(app, "dead") == CROWD);
            // 20 lines in ten seconds, the rest in sums: nothing is lost, nothing said twice.
            List<Event> listed = Event.all(app);
            assertTrue(listed.size() >= 20 && listed.size() <= 40, listed.size() + " lines");
            assertTrue(app.err().size() < 80, () -> app.describe("few lines"));
            assertEquals(CROWD, Shop.status(app, "half-open-ever"));
            assertEquals(CROWD, Shop.status(app, "dead-timeout"));
            assertEquals(0, Shop.status(app, "half-open-now"));
            Event first = listed.get(0);
            assertEquals("half-open", first.name(), first::line);
          }
        });
  }

  /** How many transitions of this name were listed or summed up so far. */
  private static long sum(Forked app, String name) {
    long sum = Event.all(app).stream().filter(event -> event.name().equals(name)).count();
    for (String line : app.err()) {
      if (line.contains(" event=rate-limited ")) {
        sum +=
            Event.of(line).fields().entrySet().stream()
                .filter(field -> field.getKey().startsWith(name))
                .mapToLong(field -> Long.parseLong(field.getValue()))
                .sum();
      }
    }
    return sum;
  }

  @TestFactory
  Stream<DynamicTest> whatThePeerClosedAndTheApplicationKeeps() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Apps apps =
                  Apps.start(
                      network, jdk, QUICK + ",watchdog,half-closed-after=1s", List.of("mute"), 1)) {
            apps.tell("shut");
            Event event = Event.await(apps.byKind().get("mute"), "half-closed");
            assertTrue(event.get("since").endsWith("Z"), event::line);
          }
        });
  }

  /** The peer's kernel forgets what the application keeps, and answers a probe with a reset. */
  @TestFactory
  Stream<DynamicTest> halfClosedIsReportedBeforeItsReset() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Apps apps =
                  Apps.start(
                      network, jdk, QUICK + ",watchdog,half-closed-after=4s", List.of("mute"), 1)) {
            String sysctl = "echo 2 >/proc/sys/net/ipv4/tcp_fin_timeout";
            Network.run(network.there("sh", "-c", sysctl));
            apps.tell("close");
            Forked app = apps.byKind().get("mute");
            Event dead = Event.await(app, "dead");
            assertEquals("reset", dead.get("cause"), dead::line);
            assertTrue(dead.get("half-closed").endsWith("s"), dead::line);
            Event first = Event.all(app).get(0);
            assertEquals("half-closed", first.name(), () -> app.describe("half-closed first"));
            assertEquals(2, Event.all(app).size(), () -> app.describe("two lines"));
            assertEquals(1, Shop.status(app, "half-closed"));
          }
        });
  }

  /** Adaptive alone switches the thread on, and no line. */
  @TestFactory
  Stream<DynamicTest> adaptiveIsSilent() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Apps apps = Apps.start(network, jdk, QUICK + ",user-timeout=adaptive")) {
            network.hole();
            apps.tell("send");
            for (Forked app : apps.byKind().values()) {
              app.awaitOut(0, line -> line.contains(" died: "));
              assertEquals(List.of(), Event.all(app), () -> app.describe("silence"));
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> aFlightRecordingHasTheTransitions() {
    return Jdk.each(
        jdk -> {
          assumeTrue(hasFlightRecorder(jdk), jdk + " has no JFR");
          Path file = folder.resolve(jdk.version() + ".jfr");
          String recording = "-XX:StartFlightRecording=filename=" + file;
          try (Network network = Network.create();
              Apps apps =
                  Apps.start(network, jdk, QUICK + ",watchdog", List.of("echo"), 1, recording)) {
            network.hole();
            Forked app = apps.byKind().get("echo");
            Event.await(app, "dead");
            app.stop();
            assertTrue(Files.size(file) > 0, () -> app.describe("recording"));
          }
          List<RecordedEvent> events =
              RecordingFile.readAllEvents(file).stream()
                  .filter(event -> event.getEventType().getName().equals("hbagent.Connection"))
                  .toList();
          assertEquals(
              List.of("half-open unanswered-probes", "dead timeout"),
              events.stream()
                  .map(event -> event.getString("event") + " " + event.getString("cause"))
                  .toList());
          assertTrue(events.get(1).getLong("halfOpenMillis") > 0);
          RecordedEvent dead = events.get(1);
          assertEquals("server", dead.getString("role"));
          assertEquals(Network.OURS + ":7001", dead.getString("local"));
          assertTrue(dead.getString("remote").startsWith(Network.PEER + ":"), dead::toString);
          assertTrue(dead.getInt("fd") > 2 && !dead.getString("openedBy").isEmpty());
        });
  }

  /** JDK 8 has it from update 262 on, in some builds. */
  private static boolean hasFlightRecorder(Jdk jdk) throws Exception {
    List<String> command = List.of(jdk.java(), "-XX:+PrintFlagsFinal", "-version");
    return jdk.version() >= 11
        || Network.run(new ProcessBuilder(command)).stream()
            .anyMatch(line -> line.contains(" StartFlightRecording "));
  }

  /** Nothing of the watchdog is there until a file asks for it, and then at once. */
  @TestFactory
  Stream<DynamicTest> aReloadSwitchesItOnAndOff() {
    return Jdk.each(
        jdk -> {
          Path config =
              Files.writeString(folder.resolve("hb.properties"), "idle=1\nintvl=1\ncnt=2\n");
          try (Network network = Network.create();
              Apps apps = Apps.start(network, jdk, "config=" + config, List.of("echo"), 1)) {
            Forked app = apps.byKind().get("echo");
            assertEquals(0, Shop.watchdogs(app));
            Files.writeString(config, "idle=1\nintvl=1\ncnt=4\nwatchdog=true\n");
            app.awaitErr(0, line -> line.contains("event=reloaded"));
            network.hole();
            Event halfOpen = Event.await(app, "half-open");
            assertTrue(halfOpen.get("unanswered").endsWith("/4"), halfOpen::line);
            assertEquals(1, Shop.watchdogs(app));
            Files.writeString(config, "idle=1\nintvl=1\ncnt=4\nwatchdog=false\n");
            int before = app.err().size();
            app.awaitErr(before, line -> line.contains("event=reloaded"));
            Shop.awaitNoWatchdog(app);
          }
        });
  }
}
