package io.hbagent.testapp.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.testapp.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Error messages of programs that cannot start. */
class ErrorsTest {
  @ParameterizedTest
  @ValueSource(strings = {"pingpong", "heartbeat"})
  void thePortIsTaken(String kind) throws IOException {
    try (ServerSocket owner = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = owner.getLocalPort();
      Program second = Program.of(kind + " server --port " + port).exits(1);
      String where = "127.0.0.1:" + port;
      assertEquals(
          "testapp " + kind + " server: cannot listen on " + where + ": the port is taken",
          second.err().trim());
      assertEquals("", second.out());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pingpong", "heartbeat", "keepalive"})
  void nobodyListens(String kind) throws IOException {
    int port;
    try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = once.getLocalPort();
    }
    Program client = Program.of(kind + " client --port " + port).exits(1);
    assertEquals(
        "testapp " + kind + " client: cannot connect to 127.0.0.1:" + port + ": Connection refused",
        client.err().trim());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pingpong client", "heartbeat client", "keepalive client"})
  void noSuchHost(String command) {
    // An empty label can be part of no host's name, so no name server is asked.
    Program client = Program.of(command + " --host no..such").exits(1);
    assertEquals("testapp " + command + ": no such host: no..such", client.err().trim());
  }

  @Test
  void noAnswer() throws IOException {
    // A listener that accepts no connection and whose backlog is full does not answer any more.
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket first = filler(full);
        Socket second = filler(full);
        Socket third = filler(full)) {
      assertTrue(first.isConnected());
      assertFalse(second.isConnected() && third.isConnected());
      Program client =
          Program.of("pingpong client --connect-timeout 0.1 --port " + full.getLocalPort());
      assertTrue(client.exits(1).err().contains("no answer in 0.1 s"), client::toString);
    }
  }

  private static Socket filler(ServerSocket full) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(full.getLocalSocketAddress(), 100);
    } catch (SocketTimeoutException e) {
      // Full already: this one is not needed.
    }
    return socket;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "pingpong server --reply-delay x  | 'x' is not a number of seconds",
        "pingpong server --type2 2        | '2' is not a message type from 3 to 999999999",
        "pingpong client --idle 0         | '0' is less than 0.001 seconds",
        "pingpong client --cnt 0          | '0' is not a whole number from 1 to 1000000",
        "heartbeat server --timeout 0     | '0' is less than 0.001 seconds",
        "heartbeat server --max-line 0    | '0' is not a whole number from 1 to 1000000",
        "heartbeat server --max-clients x | 'x' is not a whole number from 1 to 1000000",
        "heartbeat client --intvl -1      | '-1' is not a number of seconds",
        "pingpong                         | Missing required subcommand",
      })
  void wrongCommandLines(String command, String sentence) {
    Program wrong = Program.of(command).exits(2);
    assertTrue(wrong.err().contains(sentence), wrong::toString);
  }
}
