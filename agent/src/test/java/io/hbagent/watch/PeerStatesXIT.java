package io.hbagent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.it.Forked;
import io.hbagent.it.Jdk;
import io.hbagent.it.SteadyMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The four states of a peer (RFC 1122 4.2.3.6; Stevens, TCP/IP Illustrated 23.2), and keepalive's
 * blind spot, on a real network: for a blocking, a selector and an asynchronous application.
 */
@ExtendWith(SteadyMachine.class)
class PeerStatesXIT {

  private static final String QUICK = "idle=1,intvl=1,cnt=2,watchdog";

  /** The verdict comes late enough for a network that comes back, or a host that restarts. */
  private static final String PATIENT = "idle=1,intvl=1,cnt=12,watchdog";

  /** The watchdog's interval at these settings. */
  private static final long INTERVAL = 500;

  /** What a busy machine may add. */
  private static final long SLACK = 700;

  @TestFactory
  Stream<DynamicTest> aliveAndAnswering() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Apps apps = Apps.start(network, jdk, QUICK)) {
            // Five verdicts long: nothing happens, and nothing is said.
            for (int i = 0; i < 5; i++) {
              Thread.sleep(1_600);
              apps.tell("send");
            }
            apps.tell("shut");
            for (Forked app : apps.byKind().values()) {
              app.awaitOut(0, line -> line.startsWith("closed by "));
              assertEquals(List.of(), Event.all(app), () -> app.describe("silence"));
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> crashed() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Apps apps = Apps.start(network, jdk, QUICK)) {
            network.hole();
            Instant cut = Instant.now();
            Map<String, Instant> verdicts = verdicts(apps);
            for (Map.Entry<String, Forked> kind : apps.byKind().entrySet()) {
              Forked app = kind.getValue();
              Event dead = Event.await(app, "dead");
              Event halfOpen = halfOpen(app, "unanswered-probes");
              // Before the kernel's verdict the one, within an interval of it the other.
              assertTrue(halfOpen.time().isBefore(verdicts.get(kind.getKey())), halfOpen::line);
              within(dead, verdicts.get(kind.getKey()), 0, INTERVAL);
              assertTrue(halfOpen.get("unanswered").endsWith("/2"), halfOpen::line);
              within(halfOpen, cut, 0, 3_000);
              assertEquals("timeout", dead.get("cause"), dead::line);
              within(dead, cut, 1_500, 3_000 + INTERVAL);
              end(app, halfOpen, dead);
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> crashedAndRestarted() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Apps apps = Apps.start(network, jdk, PATIENT)) {
            network.hole();
            for (Forked app : apps.byKind().values()) {
              Event.await(app, "half-open");
            }
            network.restartPeer(apps.crowd());
            for (Forked app : apps.byKind().values()) {
              Event dead = Event.await(app, "dead");
              assertEquals("reset", dead.get("cause"), () -> app.describe("reset"));
              end(app, halfOpen(app, "unanswered-probes"), dead);
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> unreachableForAWhile() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Apps apps = Apps.start(network, jdk, PATIENT)) {
            network.hole();
            for (Forked app : apps.byKind().values()) {
              Event.await(app, "half-open");
            }
            network.heal();
            Instant healed = Instant.now();
            for (Forked app : apps.byKind().values()) {
              Event recovered = Event.await(app, "recovered");
              within(recovered, healed, 0, 1_000 + INTERVAL); // the next probe is answered
              end(app, halfOpen(app, "unanswered-probes"), recovered);
            }
          }
        });
  }

  /** Data in flight to a dead peer: without the cure keepalive never sees it. */
  @TestFactory
  Stream<DynamicTest> blindSpot() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Apps apps = Apps.start(network, jdk, QUICK)) {
            network.hole();
            apps.tell("send"); // arrives; the echo does not
            Instant cut = Instant.now();
            for (Forked app : apps.byKind().values()) {
              Event.await(app, "half-open");
            }
            while (Instant.now().isBefore(cut.plusMillis(6_000))) {
              Thread.sleep(100);
            }
            for (Forked app : apps.byKind().values()) {
              Event halfOpen = halfOpen(app, "unacknowledged-data");
              assertTrue(Integer.parseInt(halfOpen.get("retransmits")) >= 3, halfOpen::line);
              assertEquals(1, Event.all(app).size(), () -> app.describe("still hung after 6 s"));
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> blindSpotCured() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Apps apps = Apps.start(network, jdk, QUICK + ",user-timeout=adaptive")) {
            network.hole();
            apps.tell("send");
            Instant cut = Instant.now();
            for (Forked app : apps.byKind().values()) {
              Event dead = Event.await(app, "dead");
              Event halfOpen = halfOpen(app, "unacknowledged-data");
              assertEquals("timeout", dead.get("cause"), dead::line);
              // One watchdog interval and one retransmission interval more at most.
              within(dead, cut, 2_500, 3_000 + INTERVAL + 1_600);
              end(app, halfOpen, dead);
            }
          }
        });
  }

  /** When each application's kernel was first seen to have no connection to the peer any more. */
  private static Map<String, Instant> verdicts(Apps apps) throws Exception {
    Map<String, Instant> verdicts = new HashMap<>();
    while (verdicts.size() < apps.byKind().size()) {
      Thread.sleep(20);
      for (Map.Entry<String, Forked> kind : apps.byKind().entrySet()) {
        if (!verdicts.containsKey(kind.getKey()) && !isConnected(kind.getValue(), kind.getKey())) {
          verdicts.put(kind.getKey(), Instant.now());
        }
      }
    }
    return verdicts;
  }

  private static boolean isConnected(Forked app, String kind) throws Exception {
    String port = String.format(":%04X", Apps.port(kind));
    for (String file : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/" + app.pid() + "/net/" + file))) {
        String[] columns = line.trim().split(" +", -1);
        if (columns[1].endsWith(port) && columns[3].equals("01")) {
          return true;
        }
      }
    }
    return false;
  }

  private static Event halfOpen(Forked app, String cause) {
    Event first = Event.all(app).get(0);
    assertEquals("half-open", first.name(), () -> app.describe("half-open first"));
    assertEquals(cause, first.get("cause"), first::line);
    assertEquals("server", first.get("role"), first::line);
    assertTrue(first.get("remote").startsWith(Network.PEER + ":"), first::line);
    assertTrue(!first.get("opened-by").isEmpty(), first::line);
    return first;
  }

  private static void within(Event event, Instant start, long from, long to) {
    long millis = event.since(start).toMillis();
    assertTrue(millis >= from - SLACK && millis <= to + SLACK, millis + " ms: " + event.line());
  }

  /** These are the only two lines, and of the same connection. */
  private static void end(Forked app, Event first, Event last) {
    assertEquals(List.of(first, last), Event.all(app), () -> app.describe("two lines"));
    assertEquals(first.get("remote"), last.get("remote"));
    assertTrue(!last.get("after").isEmpty(), last::line);
    assertTrue(app.err().stream().noneMatch(l -> l.contains("event=failure")), app.describe("no"));
  }
}
