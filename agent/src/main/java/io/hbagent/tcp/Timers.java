package io.hbagent.tcp;

import java.util.HashMap;
import java.util.Map;

/**
 * The timer that the kernel runs for each connection, read from {@code /proc/self/net/tcp} and
 * {@code tcp6}.
 *
 * <p>It distinguishes what the four bytes of TCP_INFO do not: keepalive probes from those to a peer
 * that does not read, and from data on its way. The files list the whole network namespace, so this
 * is for the few connections in doubt: one reading answers for all of them.
 */
public final class Timers {

  /** There is no such connection, or no such file. */
  public static final int UNKNOWN = -1;

  /** Data was sent and is not acknowledged yet. */
  public static final int RETRANSMIT = 1;

  /** The connection is idle and its keepalive timer runs. */
  public static final int KEEPALIVE = 2;

  /** The peer has no room for the data to be sent. */
  public static final int ZERO_WINDOW = 4;

  private final Map<Long, Integer> byConnection = new HashMap<>();

  Timers() {}

  /** Reads both files. */
  public static Timers read() {
    Timers timers = new Timers();
    ProcNetTcp.forEach(timers::add);
    return timers;
  }

  void add(ProcNetTcp row) {
    long key =
        key(
            row.port(ProcNetTcp.LOCAL),
            row.port(ProcNetTcp.REMOTE),
            row.lastWord(ProcNetTcp.REMOTE));
    byConnection.put(key, row.timer());
  }

  /** Returns the key of a connection; an address is represented by its last four bytes. */
  public static long key(int localPort, int remotePort, int lastOfRemote) {
    return ((long) (localPort << 16 | remotePort) << 32) | (lastOfRemote & 0xFFFFFFFFL);
  }

  /** Returns the timer of a connection: one of the constants, or 0 for none. */
  public int of(long key) {
    Integer timer = byConnection.get(key);
    return timer == null ? UNKNOWN : timer;
  }
}
