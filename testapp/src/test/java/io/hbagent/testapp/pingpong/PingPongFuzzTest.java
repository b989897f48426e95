package io.hbagent.testapp.pingpong;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.testapp.peer.Fuzz;
import io.hbagent.testapp.peer.Serving;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * 10,000 random and truncated frames, while a well-behaved client is served. Answers are held back
 * a little, so that many clients leave before they have all their answers.
 */
class PingPongFuzzTest {
  private static final long DELAY_NANOS = 1_000_000;

  @Test
  void strangersDisturbNobody() throws Exception {
    PingPongService service =
        new PingPongService(new MessageTypes(), DELAY_NANOS, System::nanoTime, Serving.silence());
    try (Serving server = new Serving(service, 5000)) {
      Fuzz.run(server, PingPongFuzzTest::frame, PingPongFuzzTest::roundTrip);
      assertEquals(0, service.heldBack());
    }
  }

  private static byte[] frame(Random random) {
    byte[] frame = new byte[Frame.BYTES];
    random.nextBytes(frame);
    switch (random.nextInt(4)) {
      case 0 -> {
        return frame; // most likely an unknown type
      }
      case 1 -> {
        return Arrays.copyOf(frame, random.nextInt(frame.length)); // truncated in any place
      }
      case 2 -> {
        byte[] known = {0, 0, 0, (byte) (random.nextBoolean() ? 1 : 11)};
        System.arraycopy(known, 0, frame, 0, known.length);
        return Arrays.copyOf(frame, random.nextInt(frame.length)); // the same with a known type
      }
      default -> {
        return Frame.of(random.nextInt(3)).wire(); // good ones in between, and type 0
      }
    }
  }

  private static void roundTrip(Socket socket, int number) throws IOException {
    byte[] text = ("message " + number).getBytes(StandardCharsets.US_ASCII);
    byte[] message = Frame.of(11, text, 0, text.length).wire();
    socket.getOutputStream().write(message);
    byte[] answer = new byte[Frame.BYTES];
    new DataInputStream(socket.getInputStream()).readFully(answer);
    assertArrayEquals(message, answer);
    assertTrue(socket.isConnected());
  }
}
