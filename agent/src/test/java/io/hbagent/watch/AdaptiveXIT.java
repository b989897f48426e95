package io.hbagent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.it.Forked;
import io.hbagent.it.Jdk;
import io.hbagent.it.SteadyMachine;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** When {@code user-timeout=adaptive} sets TCP_USER_TIMEOUT, and when it is gone again. */
@ExtendWith(SteadyMachine.class)
class AdaptiveXIT {

  /** idle + intvl * cnt: 61 s, far above what the network is cut for. */
  private static final String OPTIONS = "idle=1,intvl=1,cnt=60,user-timeout=adaptive,watchdog";

  private static final long TIMEOUT_MILLIS = 61_000;

  /** Set while data is sent again, on no other connection, and gone when the network is back. */
  @TestFactory
  Stream<DynamicTest> aConnectionThatHeals() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Shop shop = Shop.open(network, jdk, OPTIONS)) {
            Forked client = shop.client();
            shop.tell("hold idle");
            shop.tell("hold busy");
            network.hole();
            shop.tell("write busy");
            Event halfOpen = awaitByData(client);
            assertEquals(TIMEOUT_MILLIS, shop.status(halfOpen.get("fd"), "user-timeout-ms"));
            assertEquals(1, timeouts(shop), "of the two only one");
            network.heal();
            Event.await(client, "recovered");
            awaitNoTimeout(shop);
            long deaths = Event.all(client).stream().filter(e -> e.name().equals("dead")).count();
            assertEquals(0, deaths, () -> client.describe("nothing died"));
          }
        });
  }

  /** A detach takes back what is set, stops the thread, and leaves the application alone. */
  @TestFactory
  Stream<DynamicTest> attachedAndDetached() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Shop shop = Shop.open(network, jdk, null)) {
            Forked client = shop.client();
            shop.tell("hold before");
            assertEquals(0, shop.watchdogs());
            shop.cli("attach", OPTIONS);
            assertEquals(1, shop.watchdogs());
            network.hole();
            shop.tell("write before");
            Event halfOpen = awaitByData(client);
            assertEquals("", halfOpen.get("opened-by"), halfOpen::line); // no hook saw it
            assertEquals(TIMEOUT_MILLIS, shop.status(halfOpen.get("fd"), "user-timeout-ms"));
            shop.cli("detach");
            assertEquals(0, shop.watchdogs());
            int lines = client.err().size();
            shop.cli("attach", "idle=9"); // another life of the agent, without a watchdog
            assertEquals(0, shop.status(halfOpen.get("fd"), "user-timeout-ms"));
            assertEquals(0, shop.watchdogs());
            network.heal();
            shop.tell("write before");
            shop.tell("close before");
            for (String line : client.err().subList(lines, client.err().size())) {
              assertTrue(!line.contains("event=failure"), () -> client.describe("no failure"));
            }
          }
        });
  }

  /** Switched off in the middle of trouble it forgets it, and takes the timeout back. */
  @TestFactory
  Stream<DynamicTest> switchedOffAndOnWhileHalfOpen() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Shop shop = Shop.open(network, jdk, OPTIONS)) {
            Forked client = shop.client();
            shop.tell("hold one");
            network.hole();
            shop.tell("write one");
            Event halfOpen = awaitByData(client);
            shop.cli("attach", "idle=1,intvl=1,cnt=60");
            awaitNoTimeout(shop);
            assertEquals(0, shop.status("half-open-now"), "no round looks any more");
            Shop.awaitNoWatchdog(client);
            shop.tell("interrupt"); // and of no thread that is not there
            int from = client.err().size();
            shop.cli("attach", OPTIONS);
            shop.tell("interrupt");
            Event again =
                Event.of(client.awaitErr(from, line -> line.contains(" event=half-open ")));
            assertEquals(halfOpen.get("local"), again.get("local"));
            shop.tell("interrupt");
            network.heal();
            client.awaitErr(from, line -> line.contains(" event=recovered "));
            assertEquals(1, shop.watchdogs());
            assertEquals(0, shop.status("failures"));
          }
        });
  }

  /** One that the application has set itself stands, before, while and after data is sent again. */
  @TestFactory
  Stream<DynamicTest> theApplicationsOwnStands() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.create();
              Shop shop = Shop.openUnder(jdk.opens(), network, jdk, OPTIONS)) {
            Forked client = shop.client();
            shop.tell("hold one");
            String fd = Long.toString(shop.status("fd"));
            shop.tell("user-timeout " + fd + " 45000");
            network.hole();
            shop.tell("write one");
            assertEquals(fd, awaitByData(client).get("fd"));
            assertEquals(45_000, shop.status(fd, "user-timeout-ms"));
            network.heal();
            Event.await(client, "recovered");
            assertEquals(45_000, shop.status(fd, "user-timeout-ms"));
            shop.cli("detach");
            shop.cli("attach", "idle=9");
            assertEquals(45_000, shop.status(fd, "user-timeout-ms"));
          }
        });
  }

  /** Of a connection that was probed when data was written, the first line may be of its probes. */
  private static Event awaitByData(Forked client) throws InterruptedException {
    return Event.of(client.awaitErr(0, line -> line.contains(" cause=unacknowledged-data ")));
  }

  private static long timeouts(Shop shop) throws Exception {
    String json = shop.cli("status", "--json");
    return json.split("\"user-timeout-ms\": " + TIMEOUT_MILLIS, -1).length - 1L;
  }

  private static void awaitNoTimeout(Shop shop) throws Exception {
    for (int i = 0; timeouts(shop) > 0; i++) {
      assertTrue(i < 60, "the timeout is taken back");
      Thread.sleep(200);
    }
  }
}
