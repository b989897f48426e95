package io.hbagent.watch;

import io.hbagent.keepalive.Policy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * The state the watchdog keeps of the connection behind one descriptor number: 64 bytes, allocated
 * with the first connection of the number and used again for all that follow.
 *
 * <p>Written by the watchdog's thread only. {@link #flags} and {@link #entry} may be read by other
 * threads, which see some recent value.
 *
 * <p>Times are in ms of a clock that may overflow: only differences of two of them are right.
 */
final class WatchedConnection {

  // Flags; the TCP state of the last check is in the four bits below them.

  /** It was seen connected. */
  static final int CONNECTED = 0x10;

  /** Probes are unanswered or data is unacknowledged, now. */
  static final int EPISODE = 0x20;

  static final int HALF_OPEN = 0x40;

  /** Half-open because of unacknowledged data, not because of unanswered probes. */
  static final int BY_DATA = 0x80;

  /** The counters have fallen to zero a short time ago. */
  static final int QUIETING = 0x100;

  /** The kernel's timer was read: the probes are keepalive's, or zero-window probes. */
  static final int PROBED = 0x200;

  /** The probes are sent because the peer does not read. */
  static final int ZERO_WINDOW = 0x400;

  /** The peer has closed its side. */
  static final int PEER_CLOSED = 0x800;

  /** That was reported. */
  static final int HALF_CLOSED = 0x1000;

  /** The end of the connection was reported. */
  static final int ENDED = 0x2000;

  /** The number is not open any more, or not a TCP socket. */
  static final int GONE = 0x4000;

  /** The application has set TCP_USER_TIMEOUT itself. */
  static final int TIMEOUT_FOREIGN = 0x8000;

  /** The entry of the connection table it belongs to; 0 for none. */
  int entry;

  int flags;

  /**
   * One byte each from the lowest: probes at first sight, most probes, most retransmissions, and by
   * how many tenths of a second the check that saw them first was late.
   */
  private int counts;

  /** When the counters were first seen above zero. */
  int since;

  /** When the counters were last seen to have risen, or to have fallen to zero. */
  int changed;

  /** When the peer was first seen to have closed. */
  int peerClosedAt;

  /** TCP_USER_TIMEOUT as the watchdog has set it, in ms; 0 if it has not. */
  int userTimeout;

  /** Local port in the upper half, remote port in the lower; 0 until they are known. */
  int ports;

  InetAddress local;

  /** The remote address in network order; an IPv4 address mapped as in {@code ::ffff:192.0.2.1}. */
  private long remoteHigh;

  private long remoteLow;

  /** Starts over for another connection, or for none. */
  void reset(int newEntry) {
    flags = 0;
    counts = 0;
    since = 0;
    changed = 0;
    peerClosedAt = 0;
    userTimeout = 0;
    ports = 0;
    local = null;
    remoteHigh = 0;
    remoteLow = 0;
    entry = newEntry;
  }

  boolean is(int flag) {
    return (flags & flag) != 0;
  }

  void set(int flag) {
    flags |= flag;
  }

  void clear(int flag) {
    flags &= ~flag;
  }

  /** Sets both ends. The ports come last: with them the ends are known. */
  void setEnds(InetAddress localAddress, int localPort, InetSocketAddress remote) {
    local = localAddress;
    byte[] bytes = remote.getAddress().getAddress();
    long high = 0;
    long low = bytes.length == 4 ? 0xFFFF : 0;
    for (byte b : bytes) {
      high = high << 8 | low >>> 56;
      low = low << 8 | (b & 0xFF);
    }
    remoteHigh = high;
    remoteLow = low;
    ports = localPort << 16 | remote.getPort();
  }

  /** Returns the remote address; an IPv4 address that was mapped is an IPv4 address again. */
  InetAddress remote() {
    try {
      byte[] bytes = ByteBuffer.allocate(16).putLong(remoteHigh).putLong(remoteLow).array();
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // only for a wrong length
    }
  }

  /** Returns the last 32 bits of the remote address. */
  int lastOfRemote() {
    return (int) remoteLow;
  }

  int localPort() {
    return ports >>> 16;
  }

  int remotePort() {
    return ports & 0xFFFF;
  }

  /**
   * Starts an episode: the counters are seen above zero.
   *
   * @param lateMillis by how much this check came later than an interval after the one before
   */
  void begin(int probes, int now, int lateMillis) {
    since = now;
    changed = now;
    counts = probes | Math.min(0xFF, (lateMillis + 99) / 100) << 24;
  }

  /** Returns by how many ms the check was late that saw the counters above zero first. */
  int late() {
    return (counts >>> 24) * 100;
  }

  /** Records what the counters show now. */
  void count(int probes, int retransmits) {
    counts =
        (counts & 0xFF0000FF)
            | Math.max(mostProbes(), probes) << 8
            | Math.max(mostRetransmits(), retransmits) << 16;
  }

  int mostProbes() {
    return counts >> 8 & 0xFF;
  }

  int mostRetransmits() {
    return counts >> 16 & 0xFF;
  }

  /** Returns for how many ms the counters have been above zero. */
  long elapsed(int now) {
    int difference = now - since; // in an int: the clock may overflow
    return difference;
  }

  /**
   * Returns for how many ms nothing has come from the peer, while probes are unanswered. Computed
   * from the first sight of the counters: too small by one interval of the watchdog at most.
   */
  long silent(int now, Policy policy) {
    int earlier = Math.max(0, (counts & 0xFF) - 1);
    return (policy.idle() + (long) earlier * policy.intvl()) * 1000L + elapsed(now);
  }

  /** Returns in how many ms the kernel will drop the connection for its unanswered probes. */
  long deadIn(int now, Policy policy) {
    return policy.keepalive()
        ? Math.max(0, policy.deadAfter() * 1000L - silent(now, policy))
        : Long.MAX_VALUE;
  }
}
