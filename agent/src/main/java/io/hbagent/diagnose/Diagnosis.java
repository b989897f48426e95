package io.hbagent.diagnose;

import static io.hbagent.tcp.SocketSnapshot.UNKNOWN;

import io.hbagent.keepalive.Role;
import io.hbagent.tcp.SocketSnapshot;
import io.hbagent.tcp.TcpInfo;
import io.hbagent.tcp.Timers;

/**
 * The verdict on one connection, with its evidence. Immutable.
 *
 * <p>Where facts are missing, as the ages of TCP_INFO are on JDK 8 to 21, the verdict is the weaker
 * one, or the evidence says what is not known.
 */
public final class Diagnosis {

  /** A reply, an acknowledgement or a read that takes longer is worth a word. */
  public static final long LONG_MILLIS = 3_000;

  /** Longer than a round trip: until then a probe may still be answered. */
  static final long ROUND_TRIP_MILLIS = 900;

  /**
   * Retransmissions, or unanswered window probes, in a row from which the peer counts as gone;
   * fewer are a lost packet or two.
   */
  static final int SEVERAL = 3;

  /** A smoothed round trip above this is slow, if the path has been three times as fast. */
  static final long SLOW_MICROS = 150_000;

  /** The share of segments sent again from which a path is lossy, in per mille. */
  static final long LOSSY_PER_MILLE = 10;

  /** The verdict. */
  public final Verdict verdict;

  /**
   * Time since this has been so, in ms: at least so long, as the kernel keeps few beginnings;
   * {@link SocketSnapshot#UNKNOWN} where nothing is known of it.
   */
  public final long sinceMillis;

  /** Numbers and what they mean, separated by semicolons; no sentence. */
  public final String evidence;

  /** True where it was not known which threads wait, and that could change the diagnosis. */
  public final boolean needsReaders;

  private Diagnosis(Verdict verdict, long sinceMillis, String evidence, boolean needsReaders) {
    this.verdict = verdict;
    this.sinceMillis = sinceMillis;
    this.evidence = evidence;
    this.needsReaders = needsReaders;
  }

  /** Returns the diagnosis of a connection; a listener or an unconnected socket has none. */
  public static Diagnosis of(ConnectionFacts facts) {
    return new Judge(facts).judge();
  }

  /** Returns whether it has a worse verdict, or the same for longer. */
  public boolean isWorseThan(Diagnosis other) {
    int difference = verdict.compareTo(other.verdict);
    return difference < 0 || (difference == 0 && sinceMillis > other.sinceMillis);
  }

  /** Returns a time in text, such as {@code 45 s}. */
  public static String time(long millis) {
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 10_000) {
      return tenths(millis / 100) + " s";
    }
    long seconds = millis / 1_000;
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7_200 ? seconds / 60 + " min" : seconds / 3_600 + " h";
  }

  /** Returns a number of tenths with its point; ten thousand connections are too many to format. */
  private static String tenths(long tenths) {
    return tenths / 10 + "." + tenths % 10;
  }

  /** The rules, in the order in which they are tried. */
  private static final class Judge {

    private final ConnectionFacts facts;
    private final SocketSnapshot s;
    private final StringBuilder evidence = new StringBuilder();
    private boolean needsReaders;

    Judge(ConnectionFacts facts) {
      this.facts = facts;
      this.s = facts.socket;
    }

    Diagnosis judge() {
      if (s.state == TcpInfo.SYN_SENT) {
        return connecting();
      }
      if (s.retransmits > 0) {
        return retransmitting();
      }
      if (isWindowClosed()) {
        return windowClosed();
      }
      if (s.probes > 0 && probesLost() > 0) {
        return halfOpen();
      }
      if (s.state == TcpInfo.CLOSE_WAIT) {
        return peerClosed();
      }
      if (unread() > 0 && facts.unchanged >= 0) {
        return unread(s.hasAges() ? s.lastDataReceived : facts.unchanged);
      }
      if (s.hasAges()) {
        return quietOrNot();
      }
      return withoutAges();
    }

    private Diagnosis result(Verdict verdict, long since) {
      return new Diagnosis(verdict, since, evidence.toString(), needsReaders);
    }

    /** Returns whether a thread is known to wait for its data. */
    private boolean hasReader() {
      needsReaders |= !facts.readersKnown;
      return facts.reader != null;
    }

    private Judge add(String text) {
      evidence.append(evidence.length() == 0 ? "" : "; ").append(text);
      return this;
    }

    private Diagnosis connecting() {
      // The ages of TCP_INFO begin with the establishment. A SYN is sent again after 1 s at the
      // earliest.
      long since = Math.max(facts.opened, s.retransmits * 1_000L);
      add("SYN sent " + times(s.retransmits + 1) + ", no answer");
      if (facts.opened == UNKNOWN) {
        add("the beginning was not seen");
      }
      return result(Verdict.CONNECTING, since > 0 || facts.opened >= 0 ? since : UNKNOWN);
    }

    private Diagnosis retransmitting() {
      boolean answers = s.hasAges() && s.lastAckReceived < s.lastDataSent;
      if (answers && s.sendWindow == 0) {
        return windowClosed(); // a peer that shrinks its window: the kernel probes with data
      }
      add(flight() + " sent again " + times(s.retransmits) + " in a row");
      if (s.hasAges()) {
        add("the peer's kernel last answered " + time(s.lastAckReceived) + " ago");
      }
      boolean lost = s.retransmits >= SEVERAL && !answers;
      return result(lost ? Verdict.NETWORK_LOST : Verdict.SLOW_OR_LOSSY, unacknowledged());
    }

    /** Returns the data in flight in text. */
    private String flight() {
      if (s.unacked > 0) {
        return s.unacked + (s.unacked == 1 ? " segment" : " segments") + " unacknowledged,";
      }
      return s.sendQueue > 0 ? s.sendQueue + " bytes unacknowledged," : "data unacknowledged,";
    }

    /**
     * Returns for how long at least nothing was acknowledged. A retransmission restarts {@code
     * lastDataSent}, and an idle time before the data counts in {@code lastAckReceived}: so it is
     * computed from the timeout, which doubles.
     */
    private long unacknowledged() {
      long since = facts.unanswered;
      if (s.hasAges() && s.backoff >= 0 && s.rtoMicros >= 0) {
        long first = s.rtoMicros >> s.backoff;
        long until = ((first << s.backoff) - first) / 1_000 + s.lastDataSent;
        since = Math.min(Math.max(since, until), s.lastAckReceived);
      }
      return since;
    }

    /**
     * Returns whether data waits for the peer's window to open: nothing is in flight, so nothing
     * but the window holds it back, and that for some time.
     */
    private boolean isWindowClosed() {
      if (s.hasAges() && s.notSent != UNKNOWN) {
        return s.unacked == 0 && s.notSent > 0 && s.lastDataSent >= ROUND_TRIP_MILLIS;
      }
      return s.timer == Timers.ZERO_WINDOW && (s.probes > 0 || facts.unchanged > 0);
    }

    private Diagnosis windowClosed() {
      long waiting = s.sendQueue > 0 ? s.sendQueue : s.notSent;
      add(waiting + " bytes to send, the peer's window is closed");
      if (s.probes >= SEVERAL) {
        add(s.probes + " window probes unanswered");
        answered();
        return result(Verdict.NETWORK_LOST, s.hasAges() ? s.lastAckReceived : facts.unanswered);
      }
      answered();
      if (unread() > 0) {
        add("and " + unread() + " bytes from it are unread here");
      }
      return result(Verdict.PEER_DOES_NOT_READ, s.hasAges() ? s.lastDataSent : facts.unchanged);
    }

    private void answered() {
      if (s.hasAges()) {
        add("the peer's kernel last answered " + time(s.lastAckReceived) + " ago");
      }
    }

    /** Returns how many keepalive probes are lost: the latest may still be answered. */
    private int probesLost() {
      if (s.probes >= 2) {
        return s.probes;
      }
      // A probe is sent after idle without any segment: its age follows from the silence.
      long late = s.hasAges() ? s.lastAckReceived - facts.idle * 1_000L : facts.unanswered;
      return late >= (facts.cnt == 1 ? ROUND_TRIP_MILLIS : LONG_MILLIS) ? 1 : 0;
    }

    private Diagnosis halfOpen() {
      add(s.probes + " of " + facts.cnt + " keepalive probes unanswered");
      answered();
      return result(Verdict.HALF_OPEN, s.hasAges() ? s.lastAckReceived : facts.unanswered);
    }

    private Diagnosis peerClosed() {
      // The FIN came at the latest with the last acknowledgement, and not before the last data.
      long since = s.hasAges() ? Math.max(s.lastAckReceived, facts.peerClosed) : facts.peerClosed;
      if (s.hasAges() && facts.peerClosed == UNKNOWN && s.lastDataReceived < LONG_MILLIS) {
        add("the peer has just closed");
        return result(Verdict.ACTIVE, since);
      }
      if (s.hasAges() && (s.unacked > 0 || s.notSent > 0 || s.lastDataSent < LONG_MILLIS)) {
        add("the peer has closed its side, and is still sent data");
        return result(Verdict.ACTIVE, since);
      }
      add("the peer has closed");
      if (s.receiveQueue > 1) {
        add(s.receiveQueue - 1 + " bytes from it are unread");
      } else if (s.receiveQueue == 1) {
        add("the application has not read so far as to notice");
      } else if (s.receiveQueue == 0) {
        add("the application has read to the end");
      }
      if (facts.peerClosed == UNKNOWN) {
        add(
            s.hasAges()
                ? "between " + time(s.lastAckReceived) + " and " + time(s.lastDataReceived) + " ago"
                : "since when is not known");
      }
      return result(Verdict.WE_DO_NOT_CLOSE, since);
    }

    /** Returns the bytes that the application has not read. */
    private long unread() {
      return s.receiveQueue;
    }

    private Diagnosis unread(long since) {
      add(unread() + " bytes are unread");
      add(
          s.hasAges()
              ? "the last came " + time(since) + " ago"
              : "none was read between two looks " + time(since) + " apart");
      if (facts.readersKnown && facts.reader == null) {
        add("no thread waits to read them");
      }
      return result(Verdict.WE_DO_NOT_READ, since);
    }

    /** Judges a connection whose counters are all well, with the ages of TCP_INFO. */
    private Diagnosis quietOrNot() {
      boolean inFlight = s.unacked > 0 || s.notSent > 0;
      boolean quiet = !inFlight && unread() <= 0;
      long age = Math.min(s.lastDataSent, s.lastDataReceived);
      if (quiet && age >= LONG_MILLIS && facts.role == Role.CLIENT) {
        if (s.lastDataReceived > s.lastDataSent && s.dataSegmentsSent != 0) {
          return noReply();
        }
        if (s.lastDataReceived == s.lastDataSent && hasReader()) {
          return sameMoment();
        }
      }
      if (isSlowOrLossy()) {
        return result(Verdict.SLOW_OR_LOSSY, UNKNOWN);
      }
      if (inFlight) {
        add(s.unacked > 0 ? flight() + " on their way" : s.notSent + " bytes not sent yet");
        return result(Verdict.ACTIVE, s.lastDataSent);
      }
      if (unread() > 0) {
        add(unread() + " bytes are being read");
        return result(Verdict.ACTIVE, UNKNOWN);
      }
      if (age < LONG_MILLIS) {
        add(lastData());
        return result(Verdict.ACTIVE, age);
      }
      return idle(age);
    }

    private Diagnosis noReply() {
      add("our data acknowledged, last sent " + time(s.lastDataSent) + " ago");
      add(
          s.bytesReceived == 0
              ? "never a byte received"
              : "nothing received for " + time(s.lastDataReceived));
      network();
      if (hasReader()) {
        return result(Verdict.SERVICE_DOES_NOT_ANSWER, s.lastDataSent);
      }
      add(
          facts.readersKnown
              ? "no thread waits for it in a blocking call"
              : "whether a thread waits for it is not known");
      return result(Verdict.NO_REPLY, s.lastDataSent);
    }

    /**
     * Judges a connection whose last data in both directions is of the same tick of the kernel's
     * clock, or that never had any: which came last is not known.
     */
    private Diagnosis sameMoment() {
      boolean never = s.dataSegmentsSent == 0 && s.bytesReceived == 0;
      add(
          never
              ? "connected " + time(s.lastDataSent) + " ago, never a byte in either direction"
              : "last data in both directions "
                  + time(s.lastDataSent)
                  + " ago; which of the two"
                  + " came last is not known");
      add("a thread waits for the peer");
      network();
      return result(Verdict.NO_REPLY, s.lastDataSent);
    }

    /** Adds what is known of the way to the peer. */
    private void network() {
      if (s.rttMicros != UNKNOWN) {
        add(
            "rtt "
                + millis(s.rttMicros)
                + (s.totalRetransmits == 0
                    ? ", nothing lost"
                    : ", " + s.totalRetransmits + " segments sent again"));
      }
      add("the peer's kernel last answered " + time(s.lastAckReceived) + " ago");
      if (!facts.keepalive) {
        add("no keepalive, so it may be gone since");
      }
    }

    private boolean isSlowOrLossy() {
      long again =
          s.bytesSent > 0 && s.bytesRetransmitted >= 0
              ? s.bytesRetransmitted * 1_000 / s.bytesSent
              : s.dataSegmentsSent > 0 ? s.totalRetransmits * 1_000 / s.dataSegmentsSent : 0;
      boolean lossy = again >= LOSSY_PER_MILLE && s.totalRetransmits >= SEVERAL;
      boolean slow =
          s.minRttMicros != UNKNOWN
              && s.rttMicros >= SLOW_MICROS
              && s.rttMicros >= 3 * s.minRttMicros;
      if (slow) {
        add("rtt " + millis(s.rttMicros) + ", at best " + millis(s.minRttMicros));
      }
      if (lossy) {
        add(tenths(again) + "% of the data was sent again (" + s.totalRetransmits + " segments)");
      }
      return slow || lossy;
    }

    private String lastData() {
      return "last sent "
          + time(s.lastDataSent)
          + " ago, last received "
          + time(s.lastDataReceived)
          + " ago";
    }

    private Diagnosis idle(long age) {
      add(lastData());
      answered();
      if (s.probes > 0) {
        add("a probe sent since is not answered yet");
        return result(Verdict.IDLE_UNPROVEN, age);
      }
      return result(facts.keepalive ? Verdict.IDLE_AND_HEALTHY : Verdict.IDLE_UNPROVEN, age);
    }

    /** Judges with four bytes of TCP_INFO, the queues and the timer: JDK 8 to 21. */
    private Diagnosis withoutAges() {
      if (s.sendQueue > 0 || s.receiveQueue > 0 || s.timer == Timers.RETRANSMIT) {
        add(s.sendQueue + " bytes in the send queue, " + s.receiveQueue + " unread");
        return result(Verdict.ACTIVE, UNKNOWN);
      }
      String ages = "when data last passed is not known on this JDK";
      if (facts.role == Role.CLIENT && hasReader() && s.sendQueue == 0) {
        add("all we have sent is acknowledged, and a thread waits for the peer");
        add("whether it has asked for anything, and when, is not known on this JDK");
        return result(Verdict.NO_REPLY, UNKNOWN);
      }
      if (s.probes > 0) {
        add("a keepalive probe is not answered yet").add(ages);
        return result(Verdict.IDLE_UNPROVEN, UNKNOWN);
      }
      if (facts.keepalive) {
        add("no probe unanswered").add(ages);
        return result(Verdict.IDLE_AND_HEALTHY, UNKNOWN);
      }
      add("no keepalive").add(ages);
      return result(Verdict.IDLE_UNPROVEN, UNKNOWN);
    }

    private static String times(int number) {
      return number == 1 ? "once" : number + " times";
    }

    private static String millis(long micros) {
      return micros < 1_000
          ? "below 1 ms"
          : micros < 10_000 ? tenths(micros / 100) + " ms" : micros / 1_000 + " ms";
    }
  }
}
