package io.hbagent.testapp.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndingTest {
  @ParameterizedTest
  @CsvSource({
    "Connection timed out, TIMED_OUT",
    "Connection reset by peer, RESET",
    "Connection reset, RESET",
    "Broken pipe, RESET",
    "An existing connection was forcibly closed by the remote host, RESET",
    "No route to host, UNREACHABLE",
    "Network is unreachable, UNREACHABLE",
    "Host is down, UNREACHABLE",
    "Too many open files, FAILED",
  })
  void theTextOfAnErrorTellsTheStateOfThePeer(String text, Ending expected) {
    assertEquals(expected, Ending.of(new IOException(text)));
  }

  @Test
  void anUnknownErrorSpeaksForItself() {
    IOException odd = new IOException("flux");
    assertEquals("failed: flux", Ending.of(odd).sentence(odd));
    assertEquals(Ending.FAILED, Ending.of(new IOException()));
  }
}
