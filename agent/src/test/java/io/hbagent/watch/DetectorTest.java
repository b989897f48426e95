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
import org.junit.jupiter.params.provider.ValueSource;

/** The detector by tables: looks, and the transitions it finds in them. */
class DetectorTest {

  private static final Policy POLICY = new Policy(true, 5, 5, 3, 0);
  private final WatchedConnection connection = new WatchedConnection();

  /** The kernel's timer at the current look. */
  private char letter;

  private final Detector detector = new Detector(c -> timer(letter));

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
    StringJoiner transitions = new StringJoiner(" ");
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
      letter = look.charAt(look.length() - 1);
      Transition transition = detector.check(connection, info, now, policy);
      transitions.add(
          transition == null
              ? "-"
              : switch (transition) {
                case UNANSWERED_PROBES -> "probes";
                case UNACKNOWLEDGED_DATA -> "data";
                case DEAD_TIMEOUT, DEAD_RESET -> "dead";
                default -> transition.event;
              });
    }
    return transitions.toString();
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
    "1.0k 1.0k 1.0k 2.0k 3.0k C3.0 C3.0, - - probes - - dead -",
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
    "1.0k 1.0k 1.0k 3.0k 3.1d 3.2d 3.3d C3.3, - - probes - - - - dead",
    // A peer that does not read answers zero-window probes; a lost one is no proof, nor are two.
    "1.0z 1.0z 1.0z 1.0z 2.0z 2.0z 0.0 0.0 0.0, - - - - - - - - -",
    "1.0z 2.0z 3.0z 3.0z 3.0z 3.0z, - - - - probes -",
    // Connecting is not a connection.
    "S0.1 S0.2 S0.3 S0.4 C0.0, - - - - -",
    "S0.1 S0.2 0.0 0.0, - - - -",
    // An application that closes its half, and both; what a closed socket is, it is once.
    "0.0 W0.0 W0.0 C0.0 C0.0, - - - dead -",
  })
  void transitions(String looks, String expected) {
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
  void lossesThatWereSurvivedRaiseTheThreshold() {
    assertEquals("- - - - -", run("0.1d 0.0 0.0 0.0 0.0", POLICY));
    assertEquals("- - - data -", run("0.1d 0.2d 0.3d 0.4d 0.5d", POLICY));
  }

  /** The kernel is about to give it up: then no losses can make it a false alarm. */
  @Test
  void aTimeoutThatIsNearNeedsNoMore() {
    Policy adaptive = new Policy(true, 1, 1, 2, Policy.ADAPTIVE);
    assertEquals("- - - - - -", run("0.1d 0.2d 0.0 0.0 0.0 0.0", adaptive));
    assertEquals("- - - data -", run("0.1d 0.2d 0.3d 0.3d 0.3d", adaptive));
  }

  @Test
  void probesAreReportedBeforeTheTimeoutWhateverTheLosses() {
    Policy quick = new Policy(true, 1, 1, 2, 0);
    assertEquals("- - - - - -", run("0.1d 0.2d 0.0 0.0 0.0 0.0", quick));
    assertEquals("- - - probes", run("1.0k 1.0k 2.0k 2.0k", quick));
  }

  @Test
  void silenceAndTimeoutCountFromTheFirstLook() {
    run("0.0 1.0k 1.0k", POLICY);
    int now = connection.since + 3_000;
    assertEquals(8_000, connection.silent(now, POLICY));
    assertEquals(12_000, connection.deadIn(now, POLICY));
  }

  @Test
  void aWatchdogThatComesLateCountsTheProbesThatWere() {
    run("2.0k 2.0k", POLICY);
    assertEquals(12_000, connection.silent(connection.since + 2_000, POLICY));
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
    int now = connection.since + elapsed;
    int info = info(TcpInfo.CLOSE, retransmits, probes);
    assertEquals(timeout, detector.isTimeout(connection, info, now, POLICY));
  }

  /** On a busy machine the probes may have begun long before the round that sees them. */
  @Test
  void aRoundThatCameLateIsAllowedFor() {
    detector.begin(4_000);
    run("3.0k 3.0k", POLICY);
    detector.begin(500);
    int info = info(TcpInfo.CLOSE, 0, 3);
    int dead = (int) connection.deadIn(connection.since, POLICY);
    assertTrue(detector.isTimeout(connection, info, connection.since + dead - 3_900, POLICY));
    assertTrue(!detector.isTimeout(connection, info, connection.since + dead - 4_600, POLICY));
  }

  @Test
  void aUserTimeoutIsATimeout() {
    Policy adaptive = new Policy(true, 1, 1, 2, Policy.ADAPTIVE);
    run("0.0 0.1d 0.2d 0.3d", adaptive);
    int info = info(TcpInfo.CLOSE, 4, 0);
    assertTrue(detector.isTimeout(connection, info, connection.since + 2_700, adaptive));
    assertTrue(!detector.isTimeout(connection, info, connection.since + 1_000, adaptive));
  }

  @Test
  void lossesOfLongAgoDoNotCount() {
    Detector.LossHistory losses = new Detector.LossHistory();
    losses.survived(3, 0);
    assertEquals(6, losses.threshold(3, 599_999));
    Detector.LossHistory untouched = new Detector.LossHistory();
    untouched.survived(3, 0);
    assertEquals(3, untouched.threshold(3, (int) (30L * 86_400_000)), "not asked for 30 days");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 75})
  void theStandardIntervalIsHalfOfIntvl(int intvl) {
    assertEquals(Math.max(500, intvl * 500), WatchSettings.standardInterval(intvl));
  }
}
