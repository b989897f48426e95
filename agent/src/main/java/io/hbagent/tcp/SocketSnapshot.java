package io.hbagent.tcp;

import java.nio.ByteBuffer;

/**
 * The state of one connection at one moment, as the kernel reports it: TCP_INFO, and the queues and
 * the timer of {@code /proc/self/net/tcp}. Immutable.
 *
 * <p>The kernel states how much of {@code struct tcp_info} ({@code linux/tcp.h}) it has filled, and
 * JDK 8 to 21 can read its first four bytes only. What was not read is {@link #UNKNOWN}, never
 * zero.
 *
 * <p>Times since an event are in ms, as exact as the kernel's tick (1 to 10 ms); round trips are in
 * µs.
 */
public final class SocketSnapshot {

  /** The value of what this kernel, or this JDK, does not report, or what was never measured. */
  public static final int UNKNOWN = -1;

  /** The state, a constant of {@link TcpInfo} or another of the kernel's. */
  public final int state;

  /** Number of times the oldest unacknowledged segment, or the SYN, was sent again in a row. */
  public final int retransmits;

  /** The number of unanswered keepalive or zero-window probes. */
  public final int probes;

  /** Number of times the retransmission timeout was doubled since the last acknowledgement. */
  public final int backoff;

  /** The retransmission timeout now, in µs. */
  public final long rtoMicros;

  /** The number of segments that were sent and are not acknowledged. */
  public final long unacked;

  /**
   * Time since data was last sent. A retransmission counts; an ACK, a probe and a SYN do not.
   * Counts from the establishment where none was sent, and is meaningless before.
   */
  public final long lastDataSent;

  /** Time since data was last received; from the establishment where none was. */
  public final long lastDataReceived;

  /**
   * Time since the peer's kernel last acknowledged anything: data, a keepalive probe, a window
   * probe.
   */
  public final long lastAckReceived;

  /** Smoothed round trip. Includes the delay, up to 0.2 s, of an ACK that the peer holds back. */
  public final long rttMicros;

  /** Least round trip of the last five minutes in which there was one. */
  public final long minRttMicros;

  /** Segments that were sent again, since the establishment. */
  public final long totalRetransmits;

  /** Data bytes that were received; the peer's FIN counts as one. */
  public final long bytesReceived;

  /** Data bytes in the send queue that were never sent. */
  public final long notSent;

  /** Segments with data that were sent, retransmissions included. */
  public final long dataSegmentsSent;

  /** Data bytes that were sent, retransmissions included. */
  public final long bytesSent;

  /** Data bytes that were sent again. */
  public final long bytesRetransmitted;

  /** The peer's receive window, in bytes. */
  public final long sendWindow;

  /** Bytes in the send queue: not sent, or not acknowledged. A SYN or FIN counts as one. */
  public final long sendQueue;

  /** Bytes that the application has not read. The peer's FIN counts as one. */
  public final long receiveQueue;

  /** The timer that runs, a constant of {@link Timers}; 0 for none. */
  public final int timer;

  /**
   * Creates a snapshot.
   *
   * @param info the struct tcp_info, from the position to the limit; at least four bytes
   * @param sendQueue or {@link #UNKNOWN}, as the two that follow
   */
  public SocketSnapshot(ByteBuffer info, long sendQueue, long receiveQueue, int timer) {
    state = unsignedByte(info, 0);
    retransmits = unsignedByte(info, 2);
    probes = unsignedByte(info, 3);
    backoff = unsignedByte(info, 4);
    rtoMicros = unsignedInt(info, 8);
    unacked = unsignedInt(info, 24);
    lastDataSent = unsignedInt(info, 44);
    lastDataReceived = unsignedInt(info, 52);
    lastAckReceived = unsignedInt(info, 56);
    long rtt = unsignedInt(info, 68);
    rttMicros = rtt == 0 ? UNKNOWN : rtt;
    totalRetransmits = unsignedInt(info, 100);
    bytesReceived = longAt(info, 128);
    notSent = unsignedInt(info, 144);
    long minRtt = unsignedInt(info, 148);
    minRttMicros = minRtt == 0xFFFFFFFFL || rtt == 0 ? UNKNOWN : minRtt; // net/ipv4/tcp_minisocks.c
    dataSegmentsSent = unsignedInt(info, 156);
    bytesSent = longAt(info, 200);
    bytesRetransmitted = longAt(info, 208);
    sendWindow = unsignedInt(info, 228);
    this.sendQueue = sendQueue;
    this.receiveQueue = receiveQueue;
    this.timer = timer;
  }

  /** Returns whether the ages and counts of TCP_INFO are known: JDK 22 and newer. */
  public boolean hasAges() {
    return lastAckReceived != UNKNOWN;
  }

  private static int unsignedByte(ByteBuffer info, int at) {
    return at < info.limit() ? info.get(at) & 0xFF : UNKNOWN;
  }

  private static long unsignedInt(ByteBuffer info, int at) {
    return at + 4 <= info.limit() ? info.getInt(at) & 0xFFFFFFFFL : UNKNOWN;
  }

  private static long longAt(ByteBuffer info, int at) {
    return at + 8 <= info.limit() ? info.getLong(at) : UNKNOWN;
  }
}
