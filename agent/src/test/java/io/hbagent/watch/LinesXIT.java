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
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a line says of a connection, field by field, and how each half-open one ends. */
@ExtendWith(SteadyMachine.class)
class LinesXIT {

  private static final String QUICK = "idle=1,intvl=1,cnt=2,watchdog";

  /** The verdict comes late enough for whatever else may come. */
  private static final String PATIENT = "idle=1,intvl=1,cnt=60,watchdog";

  private static final String DURATION = "[0-9]+(\\.[0-9])?s";

  @TempDir Path folder;

  private interface Story {
    void tell(Network network, Shop shop, Forked client) throws Exception;
  }

  private static Stream<DynamicTest> each(String options, Story story) {
    return Jdk.each(jdk -> play(jdk, options, story));
  }

  private static void play(Jdk jdk, String options, Story story) throws Exception {
    try (Network network = Network.create();
        Shop shop = Shop.open(network, jdk, options)) {
      story.tell(network, shop, shop.client());
    }
  }

  @TestFactory
  Stream<DynamicTest> everyField() throws Exception {
    String rules = "rules=orders\nrule.orders.remote=192.0.2.0/24:" + Shop.PORT + "\n";
    Path file = folder.resolve("fields.properties");
    Files.writeString(
        file,
        "idle=9\nwatchdog=500ms\norigin=true\n"
            + rules
            + "rule.orders.idle=1\nrule.orders.intvl=1\nrule.orders.cnt=4\n");
    return each(
        "config=" + file,
        (network, shop, client) -> {
          shop.tell("read orders-1");
          network.hole();
          Event halfOpen = Event.await(client, "half-open");
          matches(
              halfOpen,
              "ts=\\S+Z level=warn agent=hb-agent event=half-open"
                  + " local=192\\.0\\.2\\.1:[0-9]+ remote=192\\.0\\.2\\.2:7101 role=client"
                  + " fd=[0-9]+ rule=orders cause=unanswered-probes unanswered=[1-4]/4 silent="
                  + DURATION
                  + " dead-in="
                  + DURATION
                  + " age=[0-9]+s opened-by=orders-1"
                  + " origin=shop\\.Orders\\.open\\(Orders\\.java:[0-9]+\\)");
          // What has been and what is to come make up idle + intvl * cnt.
          double sum = seconds(halfOpen, "silent") + seconds(halfOpen, "dead-in");
          assertTrue(Math.abs(sum - 5) <= 0.2, () -> sum + " s: " + halfOpen.line());
          Event dead = Event.await(client, "dead");
          matches(
              dead,
              "ts=\\S+Z level=warn agent=hb-agent event=dead"
                  + " local=192\\.0\\.2\\.1:[0-9]+ remote=192\\.0\\.2\\.2:7101 role=client"
                  + " fd=[0-9]+ rule=orders cause=timeout after="
                  + DURATION
                  + " socket=open age=[0-9]+s opened-by=orders-1 origin=\\S+");
          assertTrue(seconds(dead, "age") > seconds(halfOpen, "age"), dead::line);
          only(client, halfOpen, dead);
        });
  }

  private static void matches(Event event, String pattern) {
    assertTrue(event.line().matches(pattern), () -> event.line() + "\nis not\n" + pattern);
  }

  private static double seconds(Event event, String key) {
    String text = event.get(key);
    return Double.parseDouble(text.substring(0, text.length() - 1));
  }

  /** These were the lines, and no others. */
  private static void only(Forked client, Event... events) {
    assertEquals(List.of(events), Event.all(client), () -> client.describe("no other line"));
    assertTrue(
        client.err().stream().noneMatch(line -> line.contains("event=failure")),
        () -> client.describe("no failure"));
  }

  /** The application does not use the connection, and so sees no error until it does. */
  @TestFactory
  Stream<DynamicTest> theApplicationHoldsADeadSocket() {
    return each(
        QUICK,
        (network, shop, client) -> {
          shop.tell("hold one");
          network.hole();
          Event dead = Event.await(client, "dead");
          assertEquals("timeout", dead.get("cause"), dead::line);
          assertEquals("open, application not told yet", dead.get("socket"), dead::line);
          assertEquals("main", dead.get("opened-by"), dead::line);
          shop.tell("close one");
          assertEquals(1, shop.status("half-open-ever"));
          assertEquals(1, shop.status("unanswered-probes"));
          assertEquals(1, shop.status("dead-timeout"));
          assertEquals(0, shop.status("half-open-now"));
          assertEquals(0, shop.status("closed"));
          assertTrue(shop.status("longest-ms") > 0);
          String text = shop.cli("status");
          assertTrue(text.contains("watchdog: 0 half-open now, 1 ever (probes 1, data 0)"), text);
          only(client, Event.all(client).get(0), dead);
        });
  }

  /** A pool that is filled by the first statement of main is older than the watchdog. */
  @TestFactory
  Stream<DynamicTest> theOriginOfTheFirstConnection() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Shop shop = Shop.openAtOnce(network, jdk, PATIENT + ",origin=true")) {
            network.hole();
            Event halfOpen = Event.await(shop.client(), "half-open");
            assertTrue(halfOpen.get("origin").startsWith("shop.Orders.open("), halfOpen::line);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> theApplicationClosesItFirst() {
    return each(
        PATIENT,
        (network, shop, client) -> {
          shop.tell("hold one");
          network.hole();
          Event halfOpen = Event.await(client, "half-open");
          assertEquals(1, shop.status("half-open-now"));
          shop.tell("close one");
          Event closed = Event.await(client, "closed");
          matches(closed, ".* level=info .* event=closed .* after=" + DURATION + " age=.*");
          assertEquals(halfOpen.get("local"), closed.get("local"));
          assertEquals(1, shop.status("closed"));
          assertEquals(0, shop.status("half-open-now"));
          only(client, halfOpen, closed);
        });
  }

  /** The kernel goes by what the application has set, and so does what is said of it. */
  @TestFactory
  Stream<DynamicTest> anApplicationWithKeepaliveOfItsOwn() {
    return Jdk.each(
        jdk -> {
          assumeTrue(jdk.version() >= 11, "JDK 8 has no TCP_KEEPCOUNT");
          play(
              jdk,
              "idle=1,intvl=1,cnt=60,conflict=respect,watchdog",
              (network, shop, client) -> {
                shop.tell("hold one");
                shop.tell("own one 1 1 2");
                network.hole();
                Event dead = Event.await(client, "dead");
                Event halfOpen = Event.all(client).get(0);
                assertTrue(halfOpen.get("unanswered").endsWith("/2"), halfOpen::line);
                assertTrue(seconds(halfOpen, "dead-in") <= 2, halfOpen::line);
                assertEquals("timeout", dead.get("cause"), dead::line);
                only(client, halfOpen, dead);
              });
        });
  }

  /** The JVM's standard output is a connection: opened, written and closed by no hook of ours. */
  @TestFactory
  Stream<DynamicTest> aConnectionNoHookHasSeen() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Shop shop =
                  Shop.withNativeConnection(network, jdk, QUICK + ",user-timeout=adaptive")) {
            shop.awaitStatus("watched", 1, "found by its descriptor");
            network.hole();
            shop.client().send("hello"); // the answer goes to the peer, and is not acknowledged
            Event dead = Event.await(shop.client(), "dead");
            Event halfOpen = Event.all(shop.client()).get(0);
            assertEquals("unacknowledged-data", halfOpen.get("cause"), halfOpen::line);
            assertEquals("1", halfOpen.get("fd"), halfOpen::line);
            assertEquals("client", halfOpen.get("role"), halfOpen::line);
            assertEquals(Network.PEER + ":" + Shop.PORT, halfOpen.get("remote"), halfOpen::line);
            assertEquals("", halfOpen.get("opened-by"), halfOpen::line);
            assertEquals("timeout", dead.get("cause"), dead::line);
            only(shop.client(), halfOpen, dead);
          }
        });
  }

  /** By half-closed-after the peer's end has come, and not by the peer's end. */
  @TestFactory
  Stream<DynamicTest> halfClosedIsSaidOnceAndWhenItIsTime() {
    return Jdk.each(
        jdk -> {
          String options = QUICK + ",half-closed-after=3s";
          try (Network network = Network.create();
              Apps apps = Apps.start(network, jdk, options, List.of("mute"), 1)) {
            Forked app = apps.byKind().get("mute");
            java.time.Instant shut = java.time.Instant.now();
            apps.tell("shut");
            Event event = Event.await(app, "half-closed");
            matches(
                event,
                ".* level=warn .* event=half-closed local=\\S+ remote=\\S+ role=server fd=[0-9]+"
                    + " since=\\S+Z for=[3-9](\\.[0-9])?s age=[0-9]+s opened-by=.*");
            assertTrue(event.since(shut).toMillis() >= 2_900, event::line);
            Thread.sleep(1_500); // three looks more
            only(app, event);
          }
        });
  }
}
