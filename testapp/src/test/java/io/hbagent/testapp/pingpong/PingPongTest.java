package io.hbagent.testapp.pingpong;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.testapp.Program;
import io.hbagent.testapp.peer.Machine;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Both programs, as their command lines run them. */
class PingPongTest {
  private static final String QUICK =
      " --idle " + Machine.seconds("0.06") + " --intvl " + Machine.seconds("0.04") + " --cnt 3";

  @Test
  void aSilentServerThatAnswersIsKept() throws IOException {
    Program client;
    try (Program server = Program.of("pingpong server --port 0")) {
      client = Program.of("pingpong client" + QUICK + " --port " + server.port());
      client.await("silent for \\d+\\.\\d+ s: probe 1");
      client.await("PONG");
      client.await("alive again after [123] probes");
      server.await("127.0.0.1:\\d+ PING");
    }
    client.exits(1).await("closed by peer, 0 answers owed");
  }

  @Test
  void aServerTooSlowIsDeadAfterThreeUnanswered() throws IOException {
    try (Program server = Program.of("pingpong server --port 0 --reply-delay 600")) {
      Program client = Program.of("pingpong client" + QUICK + " --port " + server.port());
      double soonest = Double.parseDouble(Machine.seconds("0.18"));
      client.exits(1).deadAfter("3 probes unanswered", soonest, soonest + 0.8);
      List<String> probes =
          client.out().lines().filter(l -> l.contains(": probe")).collect(Collectors.toList());
      assertEquals(3, probes.size(), client::toString);
      server.await("127.0.0.1:\\d+ sends no more, answers are owed");
    }
  }

  @Test
  void aServerSlowerThanOneProbeButNotThanThreeLives() throws IOException {
    try (Program server = Program.of("pingpong server --port 0 --reply-delay 0.15")) {
      Program client =
          Program.of("pingpong client --idle 0.05 --intvl 0.1 --cnt 50 --port " + server.port());
      client.await("silent for .*: probe 2");
      client.await("alive again after \\d+ probes");
      assertFalse(client.out().contains("dead"), client::toString);
    }
  }

  @Test
  void typedLinesAreSentAsMessagesAndAnswered() throws IOException {
    try (Program server = Program.of("pingpong server --port 0 --reply-delay 0.03")) {
      String to = " --quit-at-eof --port " + server.port();
      Program first = Program.typing("hello\nworld\n", "pingpong client" + to).exits(0);
      first.await("message 11: hello");
      first.await("message 11: world");
      first.await("finished");
      server.await("127.0.0.1:\\d+ message 11: world");
      Program.typing("again\n", "pingpong client --second" + to)
          .exits(0)
          .await("message 22: again");
    }
  }

  @Test
  void theSecondMessageTypeIsAnOption() throws IOException {
    try (Program server = Program.of("pingpong server --port 0 --type2 21")) {
      String to = " --quit-at-eof --second --port " + server.port();
      Program.typing("x\n", "pingpong client --type2 21" + to).exits(0).await("message 21: x");
      Program.typing("x\n", "pingpong client" + to)
          .exits(1)
          .await("closed by peer, 1 answers owed");
      server.await(".* gone: malformed: type 22 is none of 1, 2, 11, 21 .*");
    }
  }

  @Test
  void halfAFrameIsTold() throws IOException {
    try (Program server = Program.of("pingpong server --port 0")) {
      try (Socket socket = server.connect()) {
        socket.getOutputStream().write(Arrays.copyOf(Frame.of(Frame.PING).wire(), 500));
      }
      server.await(".* gone: malformed: closed after 500 of 1028 bytes \\(0 clients\\)");
      try (Socket socket = server.connect()) {
        socket.getOutputStream().write(Frame.of(Frame.PING).wire());
        byte[] answer = new byte[Frame.BYTES];
        new DataInputStream(socket.getInputStream()).readFully(answer);
        assertEquals(Frame.PONG, ByteBuffer.wrap(answer).getInt());
      }
    }
  }

  @Test
  void aClientBeyondTheLimitIsClosed() throws IOException {
    try (Program server = Program.of("pingpong server --port 0 --max-clients 1");
        Socket inside = server.connect()) {
      server.await(".* connected \\(1 clients\\)");
      assertTrue(inside.isConnected());
      Program.of("pingpong client --port " + server.port())
          .exits(1)
          .await("closed by peer, 0 answers owed");
      server.await(".* refused: 1 clients are connected");
    }
  }

  @Test
  void aServerThatResetsIsTold() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Program client = Program.of("pingpong client --port " + server.getLocalPort());
      client.await("connected .*");
      Socket accepted = server.accept();
      accepted.setSoLinger(true, 0);
      accepted.close();
      client.exits(1).await("reset by peer: its host is up but does not know this connection");
    }
  }

  @Test
  void aServerThatSpeaksSomethingElseIsTold() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Program client = Program.of("pingpong client --port " + server.getLocalPort());
      try (Socket accepted = server.accept()) {
        accepted.getOutputStream().write("SSH-2.0-none\r\n".getBytes(StandardCharsets.US_ASCII));
        client.exits(1).await("malformed data from peer: type 1397966893 is none of .*");
      }
    }
  }
}
