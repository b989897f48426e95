package io.hbagent.watch;

import io.hbagent.tcp.Timers;
import java.util.SplittableRandom;

/**
 * One connection as its kernel sees it, on a network of 200 ms round trips that loses 2% of the
 * packets each way: data, its retransmissions with doubling timeouts, keepalive probes after 20 s
 * of silence, window probes to a peer that does not read. In virtual ms.
 *
 * <p>Harder than a real one where it is simpler: every message is one packet and the last one, so
 * that no later acknowledgement or selective one heals a loss before the timeout.
 */
final class LossyPeer {

  private static final int RTT = 200;
  private static final int RTO = 400;
  private static final int RTO_MAX = 120_000;
  private static final double LOSS = 0.02;
  private static final int IDLE = 20_000;
  private static final int INTVL = 5_000;
  private static final int CNT = 3;

  private enum Phase {
    SILENT,
    IN_FLIGHT,
    ZERO_WINDOW
  }

  private final SplittableRandom random;
  private final int meanPause;
  private final boolean slow;
  private Phase phase = Phase.SILENT;
  private boolean dead;

  /** When the answer to what was sent last comes; never when it was lost. */
  private int answerAt = Integer.MAX_VALUE;

  private int timerAt;
  private int speakAt;
  private int timeout = RTO;

  int retransmits;
  int probes;
  boolean killed;

  private LossyPeer(long seed, int meanPause, boolean slow) {
    random = new SplittableRandom(seed);
    this.meanPause = meanPause;
    this.slow = slow;
    silent(0);
  }

  /** Sends a message after pauses of this mean length, and waits for its acknowledgement. */
  static LossyPeer talker(int seed, int meanPause) {
    return new LossyPeer(seed, meanPause, false);
  }

  /** Has more to send than the peer reads: the window is closed for minutes at a time. */
  static LossyPeer slowReader(int seed) {
    return new LossyPeer(seed, 1_000, true);
  }

  void die() {
    dead = true;
    answerAt = Integer.MAX_VALUE;
  }

  int timer() {
    return switch (phase) {
      case SILENT -> Timers.KEEPALIVE;
      case IN_FLIGHT -> Timers.RETRANSMIT;
      case ZERO_WINDOW -> Timers.ZERO_WINDOW;
    };
  }

  void advance(int now) {
    while (!killed) {
      int next = Math.min(answerAt, Math.min(timerAt, speakAt));
      if (next > now) {
        return;
      }
      if (next == answerAt) {
        answered(next);
      } else if (next == timerAt) {
        expired(next);
      } else {
        speak(next);
      }
    }
  }

  private int pause(int mean) {
    return (int) Math.min(HALF_DAY, -mean * Math.log(1 - random.nextDouble()));
  }

  private static final int HALF_DAY = 43_200_000;

  private void silent(int at) {
    phase = Phase.SILENT;
    timerAt = at + IDLE;
    speakAt = at + pause(meanPause);
  }

  private void send(int at) {
    boolean lost = dead || random.nextDouble() < LOSS || random.nextDouble() < LOSS;
    // The answer to an earlier packet may still be on its way.
    if (!lost) {
      answerAt = Math.min(answerAt, at + RTT + random.nextInt(20));
    }
  }

  private void speak(int at) {
    phase = Phase.IN_FLIGHT;
    speakAt = Integer.MAX_VALUE;
    timeout = RTO;
    timerAt = at + timeout;
    send(at);
  }

  private void answered(int at) {
    answerAt = Integer.MAX_VALUE;
    boolean data = phase == Phase.IN_FLIGHT;
    retransmits = 0;
    probes = 0;
    if (phase == Phase.ZERO_WINDOW && at < speakAt) {
      return; // the window is still closed; the probe timer goes on doubling
    }
    if (data && slow) {
      phase = Phase.ZERO_WINDOW;
      timeout = RTO;
      timerAt = at + timeout;
      speakAt = at + pause(120_000); // then the peer reads
    } else if (phase == Phase.SILENT) {
      timerAt = at + IDLE;
    } else {
      silent(at);
    }
  }

  private void expired(int at) {
    if (phase == Phase.SILENT) {
      if (probes >= CNT) {
        killed = true;
        return;
      }
      probes++;
      timerAt = at + INTVL;
    } else {
      timeout = Math.min(timeout * 2, RTO_MAX);
      timerAt = at + timeout;
      retransmits += phase == Phase.IN_FLIGHT ? 1 : 0;
      probes += phase == Phase.ZERO_WINDOW ? 1 : 0;
    }
    send(at);
  }
}
