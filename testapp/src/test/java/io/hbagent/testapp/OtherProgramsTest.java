package io.hbagent.testapp;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The mute server and the HTTP pair. */
class OtherProgramsTest {
  @Test
  void muteServerAcceptsAndSaysNothing() throws IOException {
    Program waiting;
    try (Program mute = Program.serve("mute", "127.0.0.1")) {
      waiting = mute.client("echo", "127.0.0.1");
      mute.await("accepted .*");
      mute.client("nio", "127.0.0.1", "--count=0", "--hold=0.05").exits(0);
    }
    waiting.exits(1).await("connection died after .*"); // it took the server's end to free it
    assertFalse(waiting.out().contains("echo 1"), waiting::toString);
  }

  @Test
  void httpClientTalksOverOneConnection() throws IOException {
    try (Program serving = Program.serve("http", "127.0.0.1")) {
      Program talking =
          serving.client(
              "http", "127.0.0.1", "--count=2", "--interval=0.01", "--hold=0.02", "--message=hi");
      talking.exits(0);
      String local = talking.await("connected (127.0.0.1:\\d+) -> 127.0.0.1:\\d+").group(1);
      talking.await("echo 2 of 2 after .*");
      serving.await("POST / from " + local);
      serving.await("GET /hold/20 from " + local);
    }
  }

  @Test
  void httpClientTellsThatTheServerClosed() throws IOException {
    Program talking;
    try (Program serving = Program.serve("http", "127.0.0.1")) {
      talking = serving.client("http", "127.0.0.1", "--hold=60");
      serving.await("GET /hold/60000 from .*");
    }
    talking.exits(1).await("connection died after \\d+\\.\\d s: .+");
  }
}
