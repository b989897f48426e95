package io.hbagent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.keepalive.Policy;
import io.hbagent.tcp.TcpInfo;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * An hour of 10,000 healthy connections on a bad network, in virtual time: 200 ms round trips, 2%
 * of the packets lost each way. None of them is half-open, whatever single looks show.
 */
class SimulationTest {

  private static final int CONNECTIONS = 10_000;
  private static final int HOUR = 3_600_000;
  private static final Policy POLICY = new Policy(true, 20, 5, 3, 0);

  private LossyPeer peer;
  private final Detector detector = new Detector(c -> peer.timer());
  private int falseAlarms;
  private int killed;
  private int mostRetransmits;
  private int mostProbes;

  @Test
  void talkersAndSlowReaders() {
    run(500, i -> i % 2 == 0 ? LossyPeer.talker(i, 2_000) : LossyPeer.slowReader(i), 0);
    assertTrue(mostRetransmits >= 4, "losses that a fixed limit of several would report");
    assertTrue(mostProbes >= 3, "losses of window probes");
    assertEquals(0, falseAlarms);
  }

  /** The standard interval of 5/5/3 sees less: every alarm would rest on fewer looks. */
  @Test
  void atALongerInterval() {
    run(2_500, i -> i % 2 == 0 ? LossyPeer.talker(i, 2_000) : LossyPeer.slowReader(i), 0);
    assertEquals(0, falseAlarms);
  }

  /**
   * Connections that speak every half minute, with keepalive probes between: of 10,000 of them the
   * kernel itself gives some up, whose three probes were all lost. Those are reported, and hardly
   * any other: a message that gets through in the last seconds saves it.
   */
  @Test
  void probesAreReportedWhereTheKernelIsAboutToGiveUp() {
    run(2_500, i -> i % 10 == 0 ? LossyPeer.talker(i, 2_000) : LossyPeer.talker(i, 30_000), 60_000);
    assertTrue(killed > 20, "killed " + killed);
    assertTrue(falseAlarms <= killed + killed / 4, "reported " + falseAlarms);
  }

  /** The peers of a hundred of them die: all are found, and in time. */
  @Test
  void theDeadAreFoundAmongThem() {
    LossyPeer[] peers = new LossyPeer[2_000];
    for (int i = 0; i < peers.length; i++) {
      peers[i] = LossyPeer.talker(i, 2_000);
    }
    WatchedConnection[] connections = connections(peers.length);
    int found = 0;
    int slowest = 0;
    for (int now = 0; now < 600_000; now += 500) {
      for (int i = 0; i < peers.length; i++) {
        if (now == 300_000 && i < 100) {
          peers[i].die();
        }
        if (isHalfOpen(look(peers[i], connections[i], now))) {
          assertTrue(i < 100 && now > 300_000, "connection " + i + " at " + now);
          found++;
          slowest = Math.max(slowest, now - 300_000);
        }
      }
    }
    assertEquals(100, found);
    assertTrue(slowest < 180_000, "found within three minutes, the last after " + slowest);
  }

  private interface Maker {
    LossyPeer make(int index);
  }

  private void run(int interval, Maker maker, int learning) {
    detector.configure(interval, 60_000);
    LossyPeer[] peers = new LossyPeer[CONNECTIONS];
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < CONNECTIONS; i++) {
      peers[i] = maker.make((random.nextInt() & ~1) | (i & 1));
    }
    WatchedConnection[] connections = connections(CONNECTIONS);
    for (int now = 0; now < HOUR; now += interval) {
      for (int i = 0; i < CONNECTIONS; i++) {
        if (peers[i].killed) {
          continue;
        }
        Transition transition = look(peers[i], connections[i], now);
        if (peers[i].killed) {
          killed++;
        } else if (isHalfOpen(transition) && now >= learning) {
          falseAlarms++;
        }
      }
    }
    System.out.printf(
        "%d connections, interval %d ms: most retransmissions %d, most probes %d, killed by the"
            + " kernel itself %d, false alarms %d%n",
        CONNECTIONS, interval, mostRetransmits, mostProbes, killed, falseAlarms);
  }

  private static WatchedConnection[] connections(int count) {
    return Stream.generate(WatchedConnection::new).limit(count).toArray(WatchedConnection[]::new);
  }

  private static boolean isHalfOpen(Transition transition) {
    return transition != null && transition.event.equals("half-open");
  }

  private Transition look(LossyPeer looked, WatchedConnection connection, int now) {
    peer = looked;
    peer.advance(now);
    mostRetransmits = Math.max(mostRetransmits, peer.retransmits);
    mostProbes = Math.max(mostProbes, peer.probes);
    int info = DetectorTest.info(TcpInfo.ESTABLISHED, peer.retransmits, peer.probes);
    return detector.check(connection, info, now, POLICY);
  }
}
