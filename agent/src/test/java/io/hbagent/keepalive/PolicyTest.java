package io.hbagent.keepalive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {

  /** With a user timeout the kernel gives up at the first probe that is due at or after it. */
  @ParameterizedTest
  @CsvSource({
    "3, 2, 9, 0, 21",
    "3, 2, 9, 5000, 5", // but not before one probe is unanswered
    "3, 2, 9, 1000, 5",
    "3, 2, 9, 5001, 7",
    "3, 2, 9, 21000, 21", // derived
    "3, 2, 2, 30000, 31", // later than cnt would
    "400, 5, 3, 10000, 405",
    "1, 1, 127, 2147483647, 2147484",
    "32767, 32767, 127, 2147483647, 2162622",
    "3, 2, 9, -1, 21", // adaptive is set while data is sent again, and not while probes are
  })
  void aDeadPeerIsGivenUp(int idle, int intvl, int cnt, int userTimeout, int seconds) {
    assertEquals(seconds, new Policy(true, idle, intvl, cnt, userTimeout).deadAfter());
  }
}
