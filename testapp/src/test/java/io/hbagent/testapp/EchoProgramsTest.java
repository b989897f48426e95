package io.hbagent.testapp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocking, selector and asynchronous: three ways to write the same two programs. */
class EchoProgramsTest {
  static List<Arguments> pairs() {
    List<Arguments> pairs = new ArrayList<>();
    for (String server : new String[] {"echo", "nio", "async"}) {
      for (String client : new String[] {"echo", "nio", "async"}) {
        pairs.add(Arguments.of(server, client));
      }
    }
    return pairs;
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void talkAndClose(String server, String client) throws IOException {
    try (Program serving = Program.serve(server, "127.0.0.1")) {
      Program talking =
          serving.client(client, "127.0.0.1", "--count=3", "--interval=0.01", "--hold=0.02");
      talking.exits(0);
      String local = talking.await("connected (127.0.0.1:\\d+) -> 127.0.0.1:\\d+").group(1);
      talking.await("echo 3 of 3 after .*");
      talking.await("closed after .*");
      serving.await("accepted " + local);
      serving.await("closed by " + local);
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void messageLargerThanOneRead(String server, String client) throws IOException {
    try (Program serving = Program.serve(server, "127.0.0.1")) {
      serving.client(client, "127.0.0.1", "--message", "x".repeat(100_000)).exits(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"echo", "nio", "async"})
  void version6(String kind) throws IOException {
    assumeTrue(hasVersion6(), "this machine has no IPv6 loopback");
    try (Program serving = Program.serve(kind, "::1")) {
      serving.await("listening on \\[::1\\]:\\d+");
      Program talking = serving.client(kind, "[::1]").exits(0);
      talking.await("connected \\[::1\\]:\\d+ -> \\[::1\\]:\\d+");
    }
  }

  private static boolean hasVersion6() {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getAllByName("::1")[0])) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"echo", "nio", "async"})
  void clientTellsThatTheServerClosed(String kind) throws IOException {
    Program talking;
    try (Program serving = Program.serve(kind, "127.0.0.1")) {
      talking = serving.client(kind, "127.0.0.1", "--hold=60");
      talking.await("echo 1 of 1 after .*");
    }
    talking.exits(1).await("connection died after \\d+\\.\\d s: closed by the peer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"echo", "nio", "async"})
  void clientTellsWhyTheConnectionDied(String kind) throws IOException {
    try (ServerSocket rude = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(rude.getLocalPort());
      Program talking = Program.start(kind, "client", "--port", port, "--count=0", "--hold=60");
      try (Socket connection = rude.accept()) {
        talking.await("connected .*");
        connection.setSoLinger(true, 0); // close() sends RST
      }
      talking.exits(1).await("connection died after \\d+\\.\\d s: Connection reset.*");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"echo", "nio", "async"})
  void serverTellsWhyAConnectionDiedAndLivesOn(String kind) throws IOException {
    try (Program serving = Program.serve(kind, "127.0.0.1")) {
      int port = Integer.parseInt(serving.await("listening on .*:(\\d+)").group(1));
      try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
        serving.await("accepted .*");
        connection.setSoLinger(true, 0);
      }
      serving.await("connection of 127.0.0.1:\\d+ died: Connection reset.*");
      serving.client("echo", "127.0.0.1").exits(0).await("echo 1 of 1 after .*");
    }
  }
}
