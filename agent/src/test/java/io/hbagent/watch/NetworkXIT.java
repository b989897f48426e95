package io.hbagent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What tests of the network leave behind. */
class NetworkXIT {

  /** A JVM that is killed closes nothing, but its pipes end; that of the cable too. */
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void theCableEndsWithItsTest() throws Exception {
    try (Network network = Network.createWorsening()) {
      assertEquals(0, network.letGo());
    }
  }
}
