package io.hbagent.diagnose;

import static io.hbagent.diagnose.FakeConnection.BACKOFF;
import static io.hbagent.diagnose.FakeConnection.BYTES_RECEIVED;
import static io.hbagent.diagnose.FakeConnection.BYTES_RETRANSMITTED;
import static io.hbagent.diagnose.FakeConnection.BYTES_SENT;
import static io.hbagent.diagnose.FakeConnection.LAST_ACK;
import static io.hbagent.diagnose.FakeConnection.LAST_RECEIVED;
import static io.hbagent.diagnose.FakeConnection.LAST_SENT;
import static io.hbagent.diagnose.FakeConnection.NOT_SENT;
import static io.hbagent.diagnose.FakeConnection.PROBES;
import static io.hbagent.diagnose.FakeConnection.RETRANSMITS;
import static io.hbagent.diagnose.FakeConnection.RTO;
import static io.hbagent.diagnose.FakeConnection.RTT;
import static io.hbagent.diagnose.FakeConnection.SEGMENTS_SENT;
import static io.hbagent.diagnose.FakeConnection.STATE;
import static io.hbagent.diagnose.FakeConnection.TOTAL_RETRANSMITS;
import static io.hbagent.diagnose.FakeConnection.UNACKED;
import static io.hbagent.diagnose.FakeConnection.WINDOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.tcp.SocketSnapshot;
import io.hbagent.tcp.TcpInfo;
import io.hbagent.tcp.Timers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Each verdict, and each trap of the kernel's numbers, with made-up facts. */
class DiagnosisTest {

  private static final long UNKNOWN = SocketSnapshot.UNKNOWN;

  private static Diagnosis is(Verdict verdict, long since, FakeConnection connection) {
    Diagnosis diagnosis = connection.diagnosis();
    assertEquals(verdict, diagnosis.verdict, diagnosis.evidence);
    assertEquals(since, diagnosis.sinceMillis, diagnosis.evidence);
    return diagnosis;
  }

  private static void says(Diagnosis diagnosis, String... texts) {
    for (String text : texts) {
      assertTrue(diagnosis.evidence.contains(text), diagnosis.evidence);
    }
  }

  /** Our request is the last data, acknowledged 45 s ago. */
  private static FakeConnection asked() {
    return new FakeConnection().set(LAST_SENT, 45_000).set(LAST_RECEIVED, 50_000);
  }

  @Test
  void serviceDoesNotAnswer() {
    Diagnosis diagnosis = is(Verdict.SERVICE_DOES_NOT_ANSWER, 45_000, asked().reader("exec-7"));
    says(diagnosis, "last sent 45 s ago", "nothing received for 50 s", "rtt 2.0 ms, nothing lost");
    says(diagnosis, "the peer's kernel last answered 12 s ago");
    assertFalse(diagnosis.evidence.contains("no keepalive"), diagnosis.evidence);
    says(asked().reader("exec-7").noKeepalive().diagnosis(), "no keepalive, so it may be gone");
  }

  /** The last word of an idle pool's connection may be ours: a statement that was closed, say. */
  @Test
  void withoutAReaderItIsNotKnownWhetherAReplyIsDue() {
    says(is(Verdict.NO_REPLY, 45_000, asked()), "no thread waits for it in a blocking call");
    says(is(Verdict.NO_REPLY, 45_000, asked().readersUnknown()), "is not known");
  }

  /** A thread that waits for the next request of a client is no one's fault. */
  @Test
  void aServersLastWordIsItsReply() {
    is(Verdict.IDLE_AND_HEALTHY, 45_000, asked().server().reader("exec-7"));
  }

  @Test
  void aReplyMayTakeItsTime() {
    is(
        Verdict.ACTIVE,
        2_999,
        new FakeConnection().set(LAST_SENT, 2_999).set(LAST_RECEIVED, 9_000).reader("exec-7"));
  }

  /** The field last_data_recv counts from the establishment where nothing was ever received. */
  @Test
  void neverAByteReceived() {
    FakeConnection connection = asked().set(BYTES_RECEIVED, 0).reader("exec-7");
    Diagnosis diagnosis = is(Verdict.SERVICE_DOES_NOT_ANSWER, 45_000, connection);
    says(diagnosis, "never a byte received");
  }

  /** The field last_data_sent does so too where nothing was sent: nothing was asked. */
  @Test
  void neverAByteInEitherDirection() {
    FakeConnection fresh =
        new FakeConnection().set(LAST_SENT, 45_000).set(LAST_RECEIVED, 45_000).set(BYTES_SENT, 0);
    fresh.set(BYTES_RECEIVED, 0).set(SEGMENTS_SENT, 0);
    is(Verdict.IDLE_AND_HEALTHY, 45_000, fresh);
    says(
        is(Verdict.NO_REPLY, 45_000, fresh.reader("main")),
        "connected 45 s ago, never a byte in either direction");
  }

  /** Two events within a tick of the kernel's clock have no order. */
  @Test
  void sameTick() {
    FakeConnection connection =
        new FakeConnection().set(LAST_SENT, 45_000).set(LAST_RECEIVED, 45_000);
    is(Verdict.IDLE_AND_HEALTHY, 45_000, connection);
    says(is(Verdict.NO_REPLY, 45_000, connection.reader("main")), "which of the two came last");
  }

  private static FakeConnection retransmitting(int times) {
    return new FakeConnection()
        .set(RETRANSMITS, times)
        .set(BACKOFF, times)
        .set(RTO, 200_000L << times)
        .set(UNACKED, 1)
        .set(LAST_SENT, 100)
        .set(LAST_ACK, 3_600_000)
        .timer(Timers.RETRANSMIT)
        .queues(10, 0);
  }

  /**
   * A retransmission restarts last_data_sent, and the last acknowledgement may be that of an hour
   * ago: the time follows from the timeout, which has doubled.
   */
  @Test
  void networkLost() {
    Diagnosis diagnosis = is(Verdict.NETWORK_LOST, 200 + 400 + 800 + 100, retransmitting(3));
    says(diagnosis, "1 segment unacknowledged, sent again 3 times in a row", "answered 60 min ago");
    is(Verdict.NETWORK_LOST, 1_200, retransmitting(3).set(LAST_ACK, 1_200));
    is(Verdict.NETWORK_LOST, 9_000, retransmitting(3).unanswered(9_000));
  }

  @Test
  void oneLostPacketIsNoLostNetwork() {
    is(Verdict.SLOW_OR_LOSSY, 300, retransmitting(1));
  }

  /** The peer answers, and still the same data is lost. */
  @Test
  void aPeerThatAnswersIsThere() {
    is(Verdict.SLOW_OR_LOSSY, 50, retransmitting(5).set(LAST_ACK, 50).set(LAST_SENT, 100));
    is(
        Verdict.PEER_DOES_NOT_READ,
        100,
        retransmitting(5).set(LAST_ACK, 50).set(LAST_SENT, 100).set(WINDOW, 0));
  }

  private static FakeConnection windowClosed() {
    return new FakeConnection()
        .set(NOT_SENT, 5_000)
        .set(WINDOW, 0)
        .set(LAST_SENT, 8_000)
        .set(LAST_ACK, 700)
        .queues(5_000, 0)
        .timer(Timers.ZERO_WINDOW);
  }

  @Test
  void peerDoesNotRead() {
    Diagnosis diagnosis = is(Verdict.PEER_DOES_NOT_READ, 8_000, windowClosed());
    says(diagnosis, "5000 bytes to send", "last answered 700 ms ago");
    is(Verdict.PEER_DOES_NOT_READ, 8_000, windowClosed().set(PROBES, 1));
    says(windowClosed().queues(5_000, 77).diagnosis(), "and 77 bytes from it are unread here");
    // Room for a part of a segment is none.
    is(Verdict.PEER_DOES_NOT_READ, 8_000, windowClosed().set(WINDOW, 100));
  }

  @Test
  void aClosedWindowMayOpenAtOnce() {
    is(Verdict.ACTIVE, 300, windowClosed().set(LAST_SENT, 300));
  }

  @Test
  void unansweredWindowProbes() {
    FakeConnection gone = windowClosed().set(PROBES, 3).set(LAST_ACK, 7_000);
    says(is(Verdict.NETWORK_LOST, 7_000, gone), "3 window probes unanswered");
  }

  @Test
  void halfOpen() {
    FakeConnection gone = new FakeConnection().set(PROBES, 2).set(LAST_ACK, 26_000);
    says(is(Verdict.HALF_OPEN, 26_000, gone), "2 of 3 keepalive probes unanswered");
  }

  /** A probe counts as unanswered until its answer comes; idle is 20 s. */
  @Test
  void aProbeOnItsWay() {
    is(Verdict.IDLE_UNPROVEN, 59_990, new FakeConnection().set(PROBES, 1).set(LAST_ACK, 20_100));
    is(Verdict.HALF_OPEN, 23_500, new FakeConnection().set(PROBES, 1).set(LAST_ACK, 23_500));
    is(Verdict.HALF_OPEN, 21_000, new FakeConnection().cnt(1).set(PROBES, 1).set(LAST_ACK, 21_000));
  }

  /** An answered probe refreshes last_ack_recv alone, and it is what proves the peer. */
  @Test
  void idleAndHealthy() {
    Diagnosis diagnosis = is(Verdict.IDLE_AND_HEALTHY, 59_990, new FakeConnection());
    says(diagnosis, "last received 59 s ago", "the peer's kernel last answered 12 s ago");
  }

  @Test
  void idleAndUnproven() {
    is(Verdict.IDLE_UNPROVEN, 59_990, new FakeConnection().noKeepalive());
  }

  @Test
  void weDoNotRead() {
    FakeConnection full = new FakeConnection().queues(0, 300).set(LAST_RECEIVED, 7_000);
    says(is(Verdict.ACTIVE, UNKNOWN, full), "300 bytes are being read");
    full.unchanged(400);
    says(is(Verdict.WE_DO_NOT_READ, 7_000, full), "300 bytes are unread", "no thread waits");
  }

  @Test
  void answeringAPeerThatHasClosedItsSide() {
    is(Verdict.ACTIVE, 12_000, peerClosed().set(LAST_RECEIVED, 20_000).set(LAST_SENT, 100));
  }

  private static FakeConnection peerClosed() {
    return new FakeConnection().set(STATE, TcpInfo.CLOSE_WAIT);
  }

  /** The FIN is a byte of the receive queue until the application has read the end of stream. */
  @Test
  void weDoNotClose() {
    says(
        is(Verdict.WE_DO_NOT_CLOSE, 12_000, peerClosed()),
        "the application has read to the end",
        "between 12 s and 59 s ago");
    says(peerClosed().queues(0, 1).diagnosis(), "has not read so far as to notice");
    says(peerClosed().queues(0, 101).diagnosis(), "100 bytes from it are unread");
    is(Verdict.WE_DO_NOT_CLOSE, 30_000, peerClosed().peerClosed(30_000));
    is(Verdict.WE_DO_NOT_CLOSE, UNKNOWN, peerClosed().jdk8());
    is(Verdict.WE_DO_NOT_CLOSE, 30_000, peerClosed().peerClosed(30_000).jdk8());
    is(Verdict.ACTIVE, 100, peerClosed().set(LAST_ACK, 100).set(LAST_RECEIVED, 200));
  }

  /** Before the establishment the ages are those of the machine, and the SYN is a byte to send. */
  @Test
  void connecting() {
    FakeConnection syn =
        new FakeConnection()
            .set(STATE, TcpInfo.SYN_SENT)
            .set(RETRANSMITS, 2)
            .set(LAST_SENT, 4_000_000_000L)
            .queues(1, 0)
            .timer(Timers.RETRANSMIT);
    says(is(Verdict.CONNECTING, 2_000, syn), "SYN sent 3 times", "the beginning was not seen");
    is(Verdict.CONNECTING, 5_000, syn.opened(5_000));
    is(Verdict.CONNECTING, 5_000, syn.jdk8());
    says(is(Verdict.CONNECTING, 0, syn.set(RETRANSMITS, 0).opened(0)), "SYN sent once");
  }

  @Test
  void slowOrLossy() {
    says(
        is(Verdict.SLOW_OR_LOSSY, UNKNOWN, new FakeConnection().set(RTT, 200_000)),
        "rtt 200 ms, at best 1.0 ms");
    FakeConnection lossy = new FakeConnection().set(TOTAL_RETRANSMITS, 3);
    says(
        is(Verdict.SLOW_OR_LOSSY, UNKNOWN, lossy.set(BYTES_RETRANSMITTED, 25)),
        "2.5% of the data was sent again (3 segments)");
    is(Verdict.SLOW_OR_LOSSY, UNKNOWN, lossy.set(UNACKED, 4));
  }

  /** A peer may hold an acknowledgement back for 40 to 200 ms; three packets are no statistics. */
  @Test
  void aDelayedAcknowledgementIsNoSlowPath() {
    is(Verdict.IDLE_AND_HEALTHY, 59_990, new FakeConnection().set(RTT, 45_000));
    is(Verdict.IDLE_AND_HEALTHY, 59_990, new FakeConnection().set(RTT, 200_000).noRoundTrip());
    FakeConnection one = new FakeConnection().set(TOTAL_RETRANSMITS, 1);
    is(Verdict.IDLE_AND_HEALTHY, 59_990, one.set(BYTES_RETRANSMITTED, 100));
  }

  /** A field that a kernel does not fill is unknown, and not zero. */
  @Test
  void anOlderKernel() {
    SocketSnapshot snapshot = asked().kernelFills(104).snapshot();
    assertEquals(UNKNOWN, snapshot.bytesReceived);
    assertEquals(UNKNOWN, snapshot.sendWindow);
    assertEquals(UNKNOWN, snapshot.minRttMicros);
    assertEquals(45_000, snapshot.lastDataSent);
    is(Verdict.SERVICE_DOES_NOT_ANSWER, 45_000, asked().reader("main").kernelFills(104));
    is(Verdict.IDLE_AND_HEALTHY, 59_990, new FakeConnection().kernelFills(104));
  }

  @Test
  void onJdk8To21TheVerdictIsTheWeakerOne() {
    says(
        is(Verdict.IDLE_AND_HEALTHY, UNKNOWN, asked().jdk8()),
        "when data last passed is not known on this JDK");
    is(Verdict.IDLE_UNPROVEN, UNKNOWN, asked().noKeepalive().jdk8());
    says(
        is(Verdict.NO_REPLY, UNKNOWN, asked().reader("exec-7").jdk8()),
        "whether it has asked for anything, and when, is not known");
    is(Verdict.IDLE_AND_HEALTHY, UNKNOWN, asked().server().reader("exec-7").jdk8());
    is(Verdict.NETWORK_LOST, UNKNOWN, retransmitting(3).jdk8());
    is(Verdict.NETWORK_LOST, 4_000, retransmitting(3).unanswered(4_000).jdk8());
    is(Verdict.HALF_OPEN, UNKNOWN, new FakeConnection().set(PROBES, 2).jdk8());
    is(Verdict.IDLE_UNPROVEN, UNKNOWN, new FakeConnection().set(PROBES, 1).jdk8());
    is(Verdict.HALF_OPEN, 3_500, new FakeConnection().set(PROBES, 1).unanswered(3_500).jdk8());
    is(Verdict.ACTIVE, UNKNOWN, windowClosed().jdk8());
    is(Verdict.PEER_DOES_NOT_READ, 400, windowClosed().unchanged(400).jdk8());
    is(Verdict.ACTIVE, UNKNOWN, new FakeConnection().queues(0, 10).jdk8());
    says(
        is(Verdict.WE_DO_NOT_READ, 400, new FakeConnection().queues(0, 10).unchanged(400).jdk8()),
        "none was read between two looks 400 ms apart");
  }

  @Test
  void verdictsHaveStableNames() {
    assertEquals("we-do-not-read", Verdict.WE_DO_NOT_READ.toString());
    for (Verdict each : Verdict.values()) {
      assertEquals(each, Verdict.of(each.toString()));
      assertTrue(each.meaning.endsWith("."), each.meaning);
      assertFalse(each.advice.endsWith("."), each.advice);
    }
    assertNull(Verdict.of("doubt"));
  }

  @Test
  void theDocumentHasThemAll() throws Exception {
    String text = Files.readString(Path.of("../docs/diagnosis.md"));
    for (Verdict each : Verdict.values()) {
      assertTrue(text.contains("\n### " + each + "\n\n" + each.meaning + "\n"), each.meaning);
      assertTrue(text.contains("What to do: " + each.advice + ".\n"), each.advice);
    }
  }

  @Test
  void threadsAreOnlyLookedForWhereTheyMatter() {
    assertTrue(asked().readersUnknown().diagnosis().needsReaders);
    assertFalse(asked().diagnosis().needsReaders);
    assertFalse(retransmitting(5).readersUnknown().diagnosis().needsReaders);
    assertFalse(asked().server().readersUnknown().diagnosis().needsReaders);
  }

  @Test
  void times() {
    assertEquals("999 ms", Diagnosis.time(999));
    assertEquals("1.5 s", Diagnosis.time(1_500));
    assertEquals("119 s", Diagnosis.time(119_999));
    assertEquals("2 min", Diagnosis.time(120_000));
    assertEquals("50 h", Diagnosis.time(180_000_000));
  }
}
