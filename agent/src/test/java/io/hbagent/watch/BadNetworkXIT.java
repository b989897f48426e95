package io.hbagent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.it.Forked;
import io.hbagent.it.Jdk;
import io.hbagent.it.SteadyMachine;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * No false alarm on a real network of 200 ms round trips and 2% loss each way. What an hour and
 * 10,000 connections bring is simulated in {@link SimulationTest}; {@code
 * -Dbad.network.seconds=3600} makes this an hour as well.
 */
@ExtendWith(SteadyMachine.class)
class BadNetworkXIT {

  private static final int SECONDS = Integer.getInteger("bad.network.seconds", 30);
  private static final int CONNECTIONS = 100;

  @TestFactory
  Stream<DynamicTest> noFalseAlarm() {
    return Jdk.each(
        jdk -> {
          // A probe only after 20 s of silence: these connections speak, all three kinds of them.
          // Opened on a good network: on a bad one the first would be silent before the last is.
          String options = "idle=20,intvl=5,cnt=3,watchdog=500ms,user-timeout=adaptive";
          try (Network network = Network.createWorsening();
              Apps apps = Apps.start(network, jdk, options, Apps.KINDS, CONNECTIONS)) {
            network.worsen(100, 0.02);
            long before = network.counter("RetransSegs");
            long end = System.nanoTime() + SECONDS * 1_000_000_000L;
            while (System.nanoTime() < end) {
              apps.tell("send");
              Thread.sleep(1_000);
            }
            long again = network.counter("RetransSegs") - before;
            assertTrue(again >= SECONDS, "it loses packets: " + again + " were sent again");
            for (Forked app : apps.byKind().values()) {
              assertEquals(List.of(), Event.all(app), () -> app.describe("silence"));
              assertTrue(app.out().stream().noneMatch(line -> line.contains("died")));
            }
          }
        });
  }
}
