package io.hbagent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.keepalive.Policy;
import io.hbagent.tcp.TcpInfo;
import io.hbagent.tcp.Timers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The detector by tables: what was seen when, and what was found in it. */
class DetectorTest {

  private static final Policy POLICY = new Policy(true, 5, 5, 3, 0);
  private final Detector detector = new Detector();
  private final int[] s = new int[Slots.SIZE];

  /** The clock may run over, and never goes back. */
  private int now = Integer.MAX_VALUE - 1_000;

  /** TCP_INFO's first four bytes as this machine's kernel would return them. */
  static int info(int state, int retransmits, int probes) {
    byte[] bytes = {(byte) state, 0, (byte) retransmits, (byte) probes};
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt();
  }

  private static int timer(char letter) {
    return switch (letter) {
      case 'k' -> Timers.KEEPALIVE;
      case 'z' -> Timers.ZERO_WINDOW;
      case 'd' -> Timers.RETRANSMIT;
      default -> Timers.UNKNOWN;
    };
  }

  /**
   * Shows looks half a second apart: each is {@code probes.retransmits} with the letter of the
   * kernel's timer; {@code W} in front is a peer that has closed, {@code C} no connection any more.
   */
  private String run(String looks, Policy policy) {
    StringJoiner findings = new StringJoiner(" ");
    for (String look : looks.split(" ", -1)) {
      now += 500;
      int state =
          switch (look.charAt(0)) {
            case 'C' -> TcpInfo.CLOSE;
            case 'W' -> TcpInfo.CLOSE_WAIT;
            case 'S' -> TcpInfo.SYN_SENT;
            default -> TcpInfo.ESTABLISHED;
          };
      String counts = look.replaceAll("[^0-9.]", "");
      int dot = counts.indexOf('.');
      int probes = Integer.parseInt(counts.substring(0, dot));
      int info = info(state, Integer.parseInt(counts.substring(dot + 1)), probes);
      Finding finding = detector.look(s, 0, info, now, policy);
      if (finding == Finding.ASK) {
        finding = detector.answer(s, 0, timer(look.charAt(look.length() - 1)), info, now, policy);
      }
      findings.add(
          switch (finding) {
            case NOTHING -> "-";
            case ASK -> "?";
            case HALF_OPEN -> Detector.isByData(s[Slots.FLAGS]) ? "data" : "probes";
            case RECOVERED -> "recovered";
            case DISCONNECTED -> "disconnected";
            case HALF_CLOSED -> "half-closed";
          });
    }
    return findings.toString();
  }

  @ParameterizedTest
  @CsvSource({
    // An idle connection, and one whose answers were on their way at each look.
    "0.0 0.0 0.0 0.0, - - - -",
    "0.0 1.0k 0.0 1.0k 0.0 1.0k 0.0, - - - - - - -",
    // Slower than a look is often, faster than a round trip can be: still nothing.
    "1.0k 1.0k 0.0 0.0 0.0 1.0k 1.0k 0.0, - - - - - - - -",
    // A dead peer, seen by its probes; once.
    "0.0 1.0k 1.0k 1.0k 1.0k 2.0k 3.0k, - - - probes - - -",
    // The kernel drops it, the application holds it.
    "1.0k 1.0k 1.0k 2.0k 3.0k C3.0 C3.0, - - probes - - disconnected -",
    // The network comes back.
    "1.0k 1.0k 1.0k 2.0k 0.0k 0.0, - - probes - recovered -",
    // Without /proc to ask, healing is believed a round trip later.
    "1.0 1.0 1.0 2.0 0.0 0.0 0.0, - - probes - - - recovered",
    // One lost packet; two; and a dead peer with data in flight.
    "0.1d 0.0 0.0 0.0, - - - -",
    "0.1d 0.2d 0.0 0.0 0.0, - - - - -",
    "0.1d 0.2d 0.3d 0.4d 0.4d, - - data - -",
    // Data written to a dead peer that was being probed: 1, 2, 0 and then retransmissions.
    "1.0k 1.0k 1.0k 2.0k 0.0d 0.1d 0.2d 0.3d, - - probes - - - - -",
    // The same before it was found by its probes.
    "1.0k 0.0d 0.1d 0.2d 0.3d 0.4d, - - - - data -",
    // Kernels that leave the probes where they were.
    "1.0k 1.0k 1.0k 3.0k 3.1d 3.2d 3.3d C3.3, - - probes - - - - disconnected",
    // A peer that does not read answers zero-window probes; a lost one is no proof, nor are two.
    "1.0z 1.0z 1.0z 1.0z 2.0z 2.0z 0.0 0.0 0.0, - - - - - - - - -",
    "1.0z 2.0z 3.0z 3.0z 3.0z 3.0z, - - - - probes -",
    // Connecting is not a connection.
    "S0.1 S0.2 S0.3 S0.4 C0.0, - - - - -",
    "S0.1 S0.2 0.0 0.0, - - - -",
    // An application that closes its half, and both; what a closed socket is, it is once.
    "0.0 W0.0 W0.0 C0.0 C0.0, - - - disconnected -",
  })
  void findings(String looks, String expected) {
    assertEquals(expected, run(looks, POLICY));
  }

  @Test
  void aPeerThatHasClosedIsReportedOnce() {
    detector.configure(500, 1_500);
    assertEquals("- - - - half-closed - -", run("0.0 W0.0 W0.0 W0.0 W0.0 W0.0 W0.0", POLICY));
  }

  @Test
  void aHalfClosedConnectionCanBeHalfOpen() {
    detector.configure(500, 1_500);
    assertEquals(
        "- - - probes - recovered half-closed",
        run("W0.0 W1.0k W1.0k W1.0k W1.0k W0.0k W0.0", POLICY));
  }

  /** What healthy connections have come back from proves nothing for ten minutes. */
  @Test
  void lossyWeatherAsksForMore() {
    assertEquals("- - - - -", run("0.1d 0.0 0.0 0.0 0.0", POLICY));
    assertEquals("- - - data -", run("0.1d 0.2d 0.3d 0.4d 0.5d", POLICY));
  }

  /** The kernel is about to give it up: no weather can make that a false alarm. */
  @Test
  void aVerdictThatIsNearNeedsNoMore() {
    Policy adaptive = new Policy(true, 1, 1, 2, Policy.ADAPTIVE);
    assertEquals("- - - - - -", run("0.1d 0.2d 0.0 0.0 0.0 0.0", adaptive));
    assertEquals("- - - data -", run("0.1d 0.2d 0.3d 0.3d 0.3d", adaptive));
  }

  @Test
  void probesBeforeTheVerdictWhateverTheWeather() {
    Policy quick = new Policy(true, 1, 1, 2, 0);
    assertEquals("- - - - - -", run("0.1d 0.2d 0.0 0.0 0.0 0.0", quick));
    assertEquals("- - - probes", run("1.0k 1.0k 2.0k 2.0k", quick));
  }

  @Test
  void silenceAndVerdictAreReckonedFromTheFirstLook() {
    run("0.0 1.0k 1.0k", POLICY);
    int now = s[Slots.SINCE] + 3_000;
    assertEquals(8_000, Estimate.silent(s, 0, now, POLICY));
    assertEquals(12_000, Estimate.deadIn(s, 0, now, POLICY));
  }

  @Test
  void aWatchdogThatComesLateCountsTheProbesThatWere() {
    run("2.0k 2.0k", POLICY);
    assertEquals(12_000, Estimate.silent(s, 0, s[Slots.SINCE] + 2_000, POLICY));
  }

  @ParameterizedTest
  @CsvSource({
    // probes at the end, retransmissions, ms since the first look, timeout?
    "3, 0, 14800, true",
    "3, 0, 11000, false", // a reset in answer to the last probe
    "1, 0, 1000, false",
    "0, 15, 900000, true",
    "0, 4, 3000, false",
  })
  void whyTheKernelDroppedIt(int probes, int retransmits, int elapsed, boolean timeout) {
    run("0.0 1.0k 1.0k 1.0k", POLICY);
    int now = s[Slots.SINCE] + elapsed;
    int info = info(TcpInfo.CLOSE, retransmits, probes);
    assertEquals(timeout, Estimate.isTimeout(s, 0, info, now, 500, POLICY));
  }

  @Test
  void aUserTimeoutIsATimeout() {
    Policy adaptive = new Policy(true, 1, 1, 2, Policy.ADAPTIVE);
    run("0.0 0.1d 0.2d 0.3d", adaptive);
    int info = info(TcpInfo.CLOSE, 4, 0);
    assertTrue(Estimate.isTimeout(s, 0, info, s[Slots.SINCE] + 2_700, 500, adaptive));
    assertTrue(!Estimate.isTimeout(s, 0, info, s[Slots.SINCE] + 1_000, 500, adaptive));
  }
}
