package io.hbagent.testapp.heartbeat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hbagent.testapp.peer.Fuzz;
import io.hbagent.testapp.peer.Serving;
import io.hbagent.testapp.peer.Span;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** 10,000 random, truncated and endless lines, while a well-behaved client is served. */
class HeartbeatFuzzTest {
  @Test
  void strangersDisturbNobody() throws Exception {
    HeartbeatService service =
        new HeartbeatService(Span.seconds(60), 1024, 5000, System::nanoTime, Serving.silence());
    try (Serving server = new Serving(service, 5000)) {
      Fuzz.run(server, HeartbeatFuzzTest::frame, HeartbeatFuzzTest::roundTrip);
    }
    assertEquals(0, service.watched()); // the well-behaved one has left as well
  }

  private static byte[] frame(Random random) {
    byte[] frame = new byte[random.nextInt(200)];
    switch (random.nextInt(5)) {
      case 0 -> {
        random.nextBytes(frame); // not UTF-8, most likely
        return frame;
      }
      case 1 -> {
        Arrays.fill(frame, (byte) ('a' + random.nextInt(26))); // a line without an end
        return frame;
      }
      case 2 -> {
        byte[] endless = new byte[random.nextInt(3000)];
        Arrays.fill(endless, (byte) 'x');
        return endless;
      }
      case 3 -> {
        return Arrays.copyOf("HeartBeat\n".getBytes(UTF_8), random.nextInt(10)); // truncated
      }
      default -> {
        return "HeartBeat\nhello\n".getBytes(UTF_8); // good ones in between
      }
    }
  }

  private static void roundTrip(Socket socket, int number) throws IOException {
    socket.getOutputStream().write(("HeartBeat\nline " + number + "\n").getBytes(UTF_8));
    byte[] expected = ("OK\nLINE " + number + "\n").getBytes(UTF_8);
    byte[] answer = new byte[expected.length];
    new DataInputStream(socket.getInputStream()).readFully(answer);
    assertArrayEquals(expected, answer);
  }
}
