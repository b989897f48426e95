package io.hbagent.testapp.keepalive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.testapp.Failure;
import io.hbagent.testapp.Program;
import io.hbagent.testapp.peer.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeepaliveClientTest {
  @ParameterizedTest
  @EnabledOnOs({OS.LINUX, OS.MAC})
  @CsvSource(
      delimiter = '|',
      value = {
        "                                      | 5    | 5   | 3 | 20",
        "--preset patient                      | 60   | 180 | 5 | 960",
        "--preset kernel                       | 7200 | 75  | 9 | 7875",
        "--preset kernel --cnt 4               | 7200 | 75  | 4 | 7500",
        "--idle 3 --intvl 2 --cnt 1            | 3    | 2   | 1 | 5",
        "--idle 32767 --intvl 32767 --cnt 127  | 32767| 32767| 127 | 4194176",
      })
  void setsWhatItWasToldAndReadsItBack(String options, int idle, int intvl, int cnt, int detection)
      throws IOException {
    try (Program server = Program.of("heartbeat server --port 0")) {
      String to = "keepalive client --quit-at-eof --port " + server.port();
      Program client =
          Program.typing("hello\n", options == null ? to : to + " " + options).exits(0);
      client.await("SO_KEEPALIVE is true");
      client.await("TCP_KEEPIDLE is " + idle);
      client.await("TCP_KEEPINTERVAL is " + intvl);
      client.await("TCP_KEEPCOUNT is " + cnt);
      client.await("a dead peer is found after " + detection + " s of silence");
      client.await("HELLO");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--idle 0",
        "--idle -1",
        "--idle 32768",
        "--intvl 0",
        "--cnt 128",
        "--cnt x",
        "--preset no"
      })
  void numbersThatNoKernelTakesAreUsageErrors(String options) {
    Program client = Program.of("keepalive client " + options).exits(2);
    assertTrue(client.err().contains(" is not "), client::toString);
    assertEquals("", client.out());
  }

  @Test
  void anOlderJavaIsToldInASentence() {
    // A class that cannot be linked, as JdkKeepalive cannot on Java 8.
    Failure failure =
        assertThrows(Failure.class, () -> KeepaliveClient.load("io.hbagent.no.such.Keepalive"));
    assertTrue(failure.getMessage().contains("needs Java 11 or newer, and this is Java "));
  }

  @Test
  void anOptionThatCannotBeSetIsReportedAndTheOthersHold() {
    assertEquals(
        "SO_KEEPALIVE is true;TCP_KEEPIDLE is 5;TCP_KEEPINTERVAL is 5;"
            + "TCP_KEEPCOUNT could not be set to 3: 'TCP_KEEPCOUNT' not supported;",
        reported(new Without("TCP_KEEPCOUNT")));
    assertEquals(
        "SO_KEEPALIVE could not be set to true: 'SO_KEEPALIVE' not supported;"
            + "TCP_KEEPIDLE is 5;TCP_KEEPINTERVAL is 5;TCP_KEEPCOUNT is 3;",
        reported(new Without("SO_KEEPALIVE")));
  }

  @Test
  void aKernelThatTakesAnotherValueIsNotBelieved() {
    Keepalive stubborn =
        new Without("nothing") {
          @Override
          public int set(SocketChannel channel, String option, int value) {
            return 7;
          }
        };
    assertEquals(
        "SO_KEEPALIVE is true;TCP_KEEPIDLE is 7;TCP_KEEPINTERVAL is 7;TCP_KEEPCOUNT is 7;",
        reported(stubborn));
  }

  private static String reported(Keepalive keepalive) {
    StringWriter output = new StringWriter();
    new KeepaliveOptions().apply(keepalive, null, new Report(new PrintWriter(output)));
    return output.toString().replaceAll(" *\\d+\\.\\d{3} (.*)\\R", "$1;");
  }

  /** A system that lacks one of the options. */
  private static class Without implements Keepalive {
    private final String missing;

    Without(String missing) {
      this.missing = missing;
    }

    @Override
    public boolean enable(SocketChannel channel) {
      refuse("SO_KEEPALIVE");
      return true;
    }

    @Override
    public int set(SocketChannel channel, String option, int value) {
      refuse(option);
      return value;
    }

    private void refuse(String option) {
      if (option.equals(missing)) {
        throw new UnsupportedOperationException("'" + option + "' not supported");
      }
    }
  }
}
