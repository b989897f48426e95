package io.hbagent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hbagent.it.Forked;
import io.hbagent.it.Jdk;
import io.hbagent.it.SteadyMachine;
import java.io.File;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** The watchdog where the application, or the disk, makes it hard for it. */
@ExtendWith(SteadyMachine.class)
class HardshipXIT {

  private static final String NO_MEMORY = OutOfMemoryError.class.getName();

  private static final List<String> SMALL = List.of("-Xmx24m", "-XX:+UseSerialGC");

  /** Numbers are closed and used again ten times a look, and the looks are as many as may be. */
  @TestFactory
  Stream<DynamicTest> thousandsOfShortConnections() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Shop shop =
                  Shop.open(
                      network, jdk, "idle=1,intvl=1,cnt=2,watchdog=100ms,user-timeout=adaptive")) {
            shop.tell("hold one");
            shop.tell("churn 3000");
            Forked client = shop.client();
            assertEquals(List.of(), Event.all(client), () -> client.describe("silence"));
            assertEquals(0, shop.status("failures"), () -> client.describe("no failure"));
            assertTrue(shop.status("watched") <= 2, "closed ones are not watched");
            network.hole();
            Event dead = Event.await(client, "dead");
            assertEquals("timeout", dead.get("cause"), dead::line);
            assertEquals(2, Event.all(client).size(), () -> client.describe("two lines"));
          }
        });
  }

  /** A disk that is full takes the lines, not the counters, and disturbs no one. */
  @TestFactory
  Stream<DynamicTest> theLogCannotBeWritten() {
    return Jdk.each(
        jdk -> {
          assumeTrue(new File("/dev/full").canWrite(), "no /dev/full here");
          try (Network network = Network.create();
              Shop shop = Shop.open(network, jdk, "idle=1,intvl=1,cnt=2,watchdog,log=/dev/full")) {
            Forked client = shop.client();
            for (int i = 0; !shop.cli("status").contains("watchdog: "); i++) {
              assertTrue(i < 60, () -> client.describe("its status has the watchdog"));
              Thread.sleep(100);
            }
            shop.tell("hold one");
            network.hole();
            shop.awaitStatus("dead-timeout", 1, "counted all the same");
            assertEquals(1, shop.watchdogs());
            shop.tell("close one");
            // Nothing of it in the application's output, and not a flood of complaints.
            assertTrue(client.out().stream().allMatch(l -> l.matches("ready|ok .*")));
            // The status is asked for again and again, of which a JVM from 21 on warns each time.
            long complaints = client.err().stream().filter(l -> !l.startsWith("WARNING: ")).count();
            assertTrue(complaints <= 20, () -> client.describe("few complaints"));
          }
        });
  }

  /** What is over when there is memory again may go unsaid; what happens then may not. */
  @TestFactory
  Stream<DynamicTest> theApplicationHasNoMemoryLeft() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Shop shop = Shop.openUnder(SMALL, network, jdk, "idle=1,intvl=1,cnt=2,watchdog")) {
            Forked client = shop.client();
            shop.tell("hold one");
            shop.awaitStatus("rounds", 2, "classes are preloaded in the first");
            network.hole();
            shop.tell("exhaust 5000 100");
            network.heal();
            // By now the first has been dropped, and two rounds later all is said of it.
            shop.awaitStatus("rounds", shop.status("rounds") + 2, "two rounds");
            assertEquals(0, shop.status("half-open-now"), () -> client.describe("it is over"));
            int from = client.err().size();
            shop.tell("hold two");
            network.hole();
            Event halfOpen =
                Event.of(client.awaitErr(from, line -> line.contains(" event=half-open ")));
            String two = " event=dead local=" + halfOpen.get("local") + " ";
            Event dead = Event.of(client.awaitErr(from, line -> line.contains(two)));
            assertTrue(dead.time().isAfter(halfOpen.time()), dead::line);
            assertEquals(1, shop.watchdogs());
            assertTrue(shop.status("watched") >= 0, "the agent's own thread answers");
          }
        });
  }

  /** A finding without memory is reported once there is some, if it still holds. */
  @TestFactory
  Stream<DynamicTest> aFindingWithoutMemoryIsMadeAgain() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Shop shop =
                  Shop.openUnder(SMALL, network, jdk, "idle=5,intvl=1,cnt=100,watchdog=100ms")) {
            Forked client = shop.client();
            shop.tell("hold one");
            shop.awaitStatus("rounds", 2, "classes are preloaded in the first");
            network.hole();
            shop.tell("exhaust 9000 9000"); // from before the first probe to after the second
            Event halfOpen = Event.await(client, "half-open");
            network.heal();
            Event recovered = Event.await(client, "recovered");
            assertEquals(halfOpen.get("local"), recovered.get("local"));
            assertTrue(shop.hasAgentThread(), () -> client.describe("the agent's thread"));
            if (shop.status("failures") > 0) { // or its threads found memory each time
              client.awaitErr(0, line -> line.contains(" first=\"" + NO_MEMORY));
            }
            assertEquals(2, Event.all(client).size(), () -> client.describe("two lines"));
            assertEquals(0, shop.status("half-open-now"));
            shop.tell("longs");
          }
        });
  }
}
