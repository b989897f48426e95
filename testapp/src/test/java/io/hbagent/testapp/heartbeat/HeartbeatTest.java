package io.hbagent.testapp.heartbeat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.hbagent.testapp.Program;
import io.hbagent.testapp.peer.Machine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Both programs, as their command lines run them. */
class HeartbeatTest {
  @Test
  void theWireIsOneLineAMessage() throws IOException {
    try (Program server = Program.of("heartbeat server --port 0");
        Socket socket = server.connect()) {
      // Three messages in one segment, the last one's end in another.
      socket.getOutputStream().write("HeartBeat\nstraße\r\nheart".getBytes(UTF_8));
      BufferedReader in = reader(socket);
      assertEquals("OK", in.readLine());
      assertEquals("STRASSE", in.readLine());
      socket.getOutputStream().write("beat\n\n".getBytes(UTF_8));
      assertEquals("HEARTBEAT", in.readLine());
      assertEquals("", in.readLine());
      socket.shutdownOutput();
      assertNull(in.readLine());
      server.await(".* gone: closed by peer \\(0 clients\\)");
    }
  }

  @Test
  void aHeartbeatKeepsTheClientAndSilenceLosesItsPlace() throws IOException {
    String timeout = Machine.seconds("0.8");
    try (Program server = Program.of("heartbeat server --port 0 --timeout " + timeout)) {
      String client = "heartbeat client --port " + server.port();
      Program beating = Program.of(client + " --idle 0.1 --intvl 0.1 --cnt 50");
      Program silent = Program.of(client + " --idle 60");
      silent.exits(1).await("Bye: no line for " + timeout + " s");
      silent.await("closed by peer, 0 answers owed");
      server.await(".* gone: no line for " + timeout + " s \\(1 clients\\)");
      beating.await("alive again after \\d+ probes");
      assertFalse(beating.out().contains("closed"), beating::toString);
    }
  }

  @Test
  void drippingBytesIsNoActivity() throws Exception {
    try (Program server = Program.of("heartbeat server --port 0 --timeout 0.2");
        Socket socket = server.connect()) {
      CompletableFuture<String> last = CompletableFuture.supplyAsync(() -> readLine(socket));
      for (int i = 0; i < 900 && !last.isDone(); i++) {
        try {
          socket.getOutputStream().write('x');
        } catch (IOException e) {
          break; // the server has closed, which is what this waits for
        }
        LockSupport.parkNanos(10_000_000); // a byte every 10 ms, for 9 s at most
      }
      assertEquals("Bye: no line for 0.2 s", last.get());
    }
  }

  @Test
  void aServerThatAnswersNothingIsDeadAfterFiveTries() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Program client =
          Program.of("heartbeat client --idle 0.1 --intvl 0.03 --port " + mute.getLocalPort());
      client.exits(1).deadAfter("5 probes unanswered", 0.25, 1);
      try (Socket accepted = mute.accept()) {
        BufferedReader in = reader(accepted);
        for (int i = 0; i < 5; i++) {
          assertEquals("HeartBeat", in.readLine());
        }
        assertNull(in.readLine());
      }
    }
  }

  @Test
  void typedLinesAreAnswered() throws IOException {
    try (Program server = Program.of("heartbeat server --port 0 --max-line 20")) {
      String client = "heartbeat client --quit-at-eof --port " + server.port();
      Program both = Program.typing("hello\nok\n", client).exits(0);
      both.await("HELLO");
      both.await("OK");
      both.await("finished");
      Program.typing("x".repeat(21) + "\nshort\n", client + " --max-line 20")
          .exits(0)
          .await("not sent: a line of 21 bytes, 20 are allowed");
      Program tooLong = Program.typing("x".repeat(21) + "\n", client).exits(1);
      tooLong.await("Bye: malformed: line of more than 20 bytes");
      tooLong.await("closed by peer, 1 answers owed|reset by peer.*");
    }
  }

  @Test
  void whoAsksAndNeverReadsIsHeldUpAndServedLater() throws Exception {
    int lines = 20_000;
    byte[] question = ("x".repeat(999) + "\n").getBytes(UTF_8);
    try (Program server = Program.of("heartbeat server --port 0");
        Socket socket = server.connect();
        Socket other = server.connect()) {
      socket.setReceiveBufferSize(64 * 1024); // nor does it grow any more
      CompletableFuture<Void> asking =
          CompletableFuture.runAsync(() -> write(socket, question, lines));
      BufferedReader otherIn = reader(other);
      for (int i = 0; i < 100; i++) { // while the first one's buffers fill
        other.getOutputStream().write("ping\n".getBytes(UTF_8));
        assertEquals("PING", otherIn.readLine());
      }
      assertFalse(asking.isDone()); // 20 MB do not fit into the buffers of two kernels
      BufferedReader in = reader(socket);
      String answer = "X".repeat(999);
      for (int i = 0; i < lines; i++) {
        assertEquals(answer, in.readLine());
      }
      asking.get();
    }
  }

  @Test
  void aClientBeyondTheLimitIsToldAndAPlaceFreedIsGivenAway() throws IOException {
    try (Program server = Program.of("heartbeat server --port 0 --max-clients 1")) {
      String client = "heartbeat client --quit-at-eof --port " + server.port();
      try (Socket inside = server.connect()) {
        server.await(inside.getLocalAddress().getHostAddress() + ".* connected .*");
        Program refused = Program.of("heartbeat client --port " + server.port()).exits(1);
        refused.await("Busy: 1 clients are connected, try again later");
        server.await(".* refused: 1 clients are connected");
      }
      server.await(".* gone: closed by peer.*");
      Program.typing("in\n", client).exits(0).await("IN");
    }
  }

  @Test
  void controlCharactersDoNotReachTheTerminal() throws IOException {
    try (Program server = Program.of("heartbeat server --port 0");
        Socket socket = server.connect()) {
      socket.getOutputStream().write("\u001b[2J\n".getBytes(UTF_8));
      assertEquals("\u001b[2J", reader(socket).readLine());
      server.await("127.0.0.1:\\d+ \\?\\[2J");
    }
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
  }

  private static String readLine(Socket socket) {
    try {
      return reader(socket).readLine();
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void write(Socket socket, byte[] bytes, int times) {
    try {
      for (int i = 0; i < times; i++) {
        socket.getOutputStream().write(bytes);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
