package io.hbagent.testapp.pingpong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.testapp.peer.Serving;
import io.hbagent.testapp.peer.Wait;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Delayed answers, on a fake clock. */
class PingPongServiceTest {
  private static final byte[] PING = Frame.of(Frame.PING).wire();

  /** Beyond 16 KB owed nothing more is read; one read of 8 KB may have gone over that. */
  private static final int MOST_HELD_BACK = 24;

  private final AtomicLong now = new AtomicLong(); // read in the server's thread
  private final PingPongService service =
      new PingPongService(new MessageTypes(), 60, now::get, Serving.silence());

  @Test
  void nothingIsKeptForAClientThatLeft() throws Exception {
    try (Serving server = new Serving(service, 10);
        Socket staying = server.connect()) {
      Socket leaving = server.connect();
      leaving.getOutputStream().write(PING);
      awaitHeldBack(1);
      staying.getOutputStream().write(PING);
      awaitHeldBack(2);
      leaving.getOutputStream().write(PING);
      awaitHeldBack(3);
      leaving.setSoLinger(true, 0); // close() sends RST: nothing is owed to it any more
      leaving.close();
      awaitHeldBack(1);
      now.set(60);
      assertEquals(Frame.PONG, receive(staying).type());
    }
  }

  @Test
  void whoAsksAndAsksIsHeldUp() throws Exception {
    try (Serving server = new Serving(service, 10);
        Socket asking = server.connect()) {
      for (int i = 0; i < 100; i++) {
        asking.getOutputStream().write(PING);
      }
      InputStream in = asking.getInputStream();
      for (int i = 0; i < 100; i++) {
        Wait.until(
            () -> {
              // What is read later is due later: time has to go on.
              now.addAndGet(60);
              return available(in) >= Frame.BYTES;
            },
            () -> "no answer, and " + service.heldBack() + " are held back");
        int held = service.heldBack();
        assertTrue(held <= MOST_HELD_BACK, held + " are held back");
        assertEquals(Frame.PONG, receive(asking).type());
      }
      awaitHeldBack(0);
    }
  }

  private static int available(InputStream in) {
    try {
      return in.available();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Frame receive(Socket socket) throws IOException {
    byte[] wire = new byte[Frame.BYTES];
    new DataInputStream(socket.getInputStream()).readFully(wire);
    return Frame.ofWire(wire);
  }

  private void awaitHeldBack(int count) {
    Wait.until(() -> service.heldBack() == count, () -> service.heldBack() + " are held back");
  }
}
