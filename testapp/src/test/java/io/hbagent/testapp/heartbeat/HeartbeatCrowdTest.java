package io.hbagent.testapp.heartbeat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.hbagent.testapp.peer.Serving;
import io.hbagent.testapp.peer.Span;
import io.hbagent.testapp.peer.Wait;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The 5,000 clients a server takes, one more, and their eviction all at once; with fewer, and then
 * reported as skipped, where a process may not have descriptors for both ends of so many.
 */
class HeartbeatCrowdTest {
  private static final int CROWD = 5000;

  private volatile long now; // the server's fake clock, read in its thread

  @Test
  void fiveThousandClients() throws Exception {
    int crowd = affordable();
    HeartbeatService service =
        new HeartbeatService(Span.seconds(60), 1024, crowd, () -> now, Serving.silence());
    List<Socket> clients = new ArrayList<>(crowd);
    try (Serving server = new Serving(service, crowd)) {
      for (int i = 0; i < crowd; i++) {
        clients.add(server.connect());
      }
      for (Socket client : clients) {
        ask(client, "HeartBeat\n");
      }
      for (Socket client : clients) {
        expect(client, "OK\n");
      }
      assertEquals(crowd, server.clients());
      try (Socket tooMany = server.connect()) {
        expect(tooMany, "Busy: " + crowd + " clients are connected, try again later\n");
        assertEquals(-1, tooMany.getInputStream().read());
      }
      now = Span.seconds(59).nanos();
      Socket active = clients.get(crowd / 2);
      ask(active, "still here\n");
      expect(active, "STILL HERE\n");
      now = Span.seconds(61).nanos();
      ask(active, "me too\n"); // wakes the loop, which waits by the real clock
      expect(active, "ME TOO\n");
      Wait.until(() -> server.clients() == 1, () -> server.clients() + " clients are left");
      expect(clients.get(0), "Bye: no line for 60 s\n");
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
    assumeTrue(crowd == CROWD, "descriptors for " + crowd + " clients only (ulimit -Hn)");
  }

  /** Both ends of every connection are this process's: two descriptors each. */
  private static int affordable() {
    if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os)) {
      return CROWD;
    }
    long free = os.getMaxFileDescriptorCount() - os.getOpenFileDescriptorCount() - 200;
    int crowd = (int) Math.min(CROWD, free / 2);
    assertTrue(crowd > 10, "no descriptors to try anything with");
    return crowd;
  }

  private static void ask(Socket client, String line) throws IOException {
    client.getOutputStream().write(line.getBytes(UTF_8));
  }

  private static void expect(Socket client, String line) throws IOException {
    byte[] expected = line.getBytes(UTF_8);
    byte[] answer = new byte[expected.length];
    new DataInputStream(client.getInputStream()).readFully(answer);
    assertArrayEquals(expected, answer);
  }
}
