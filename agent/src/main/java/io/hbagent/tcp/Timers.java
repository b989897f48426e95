package io.hbagent.tcp;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * Which timer the kernel runs for a connection, from {@code /proc/self/net/tcp} and {@code tcp6}.
 *
 * <p>The column {@code tr} tells what the four bytes of TCP_INFO do not: whether probes are
 * keepalive's or ask a peer that does not read, and whether data is on its way ({@code
 * net/ipv4/tcp_ipv4.c}, get_tcp4_sock). The files list the whole network namespace, so this is for
 * the few connections in doubt: one reading answers for all of them.
 */
public final class Timers {

  /** There is no such connection, or no such file. */
  public static final int UNKNOWN = -1;

  /** Data was sent and its acknowledgement is waited for. */
  public static final int RETRANSMIT = 1;

  /** The connection is idle and its keepalive timer runs. */
  public static final int KEEPALIVE = 2;

  /** The peer has no room for the data that waits. */
  public static final int ZERO_WINDOW = 4;

  // Columns of a line, counted from 0.
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int TIMER = 5;

  private final Map<Long, Integer> byConnection = new HashMap<>();

  private Timers() {}

  /** Reads both files. */
  public static Timers read() {
    Timers timers = new Timers();
    timers.read("/proc/self/net/tcp");
    timers.read("/proc/self/net/tcp6");
    return timers;
  }

  /** Takes what one of the files says. */
  public static Timers of(byte[] file) {
    Timers timers = new Timers();
    timers.lines(file, file.length);
    return timers;
  }

  /** What a connection is found by. */
  public static long key(int localPort, int remotePort, int lastOfRemote) {
    return ((long) (localPort << 16 | remotePort) << 32) | (lastOfRemote & 0xFFFFFFFFL);
  }

  /** The timer of a connection: one of the constants, or 0 for none. */
  public int of(long key) {
    Integer timer = byConnection.get(key);
    return timer == null ? UNKNOWN : timer;
  }

  private void read(String file) {
    byte[] buffer = new byte[1 << 16];
    int length = 0;
    try (InputStream in = new FileInputStream(file)) {
      int n;
      while ((n = in.read(buffer, length, buffer.length - length)) > 0) {
        length = keepRest(buffer, lines(buffer, length + n), length + n);
      }
    } catch (IOException e) {
      // no /proc, or no IPv6
    }
  }

  private static int keepRest(byte[] buffer, int from, int end) {
    System.arraycopy(buffer, from, buffer, 0, end - from);
    return end - from;
  }

  /** Takes the whole lines and returns where the rest begins. */
  private int lines(byte[] buffer, int end) {
    int from = 0;
    for (int i = 0; i < end; i++) {
      if (buffer[i] == '\n') {
        line(buffer, from, i);
        from = i + 1;
      }
    }
    return from;
  }

  private void line(byte[] buffer, int from, int to) {
    long local = 0;
    long remote = 0;
    int column = -1;
    for (int i = from; i < to; i++) {
      if (buffer[i] == ' ' || (i > from && buffer[i - 1] != ' ')) {
        continue;
      }
      column++;
      if (column == LOCAL) {
        local = address(buffer, i);
      } else if (column == REMOTE) {
        remote = address(buffer, i);
      } else if (column == TIMER) {
        int word = TcpInfo.networkOrder((int) (remote >> 16));
        byConnection.put(
            key((int) local & 0xFFFF, (int) remote & 0xFFFF, word), hex(buffer, i + 1));
        return;
      }
    }
  }

  /** The last 32 bits of the address, as printed, above the 16 bits of the port. */
  private static long address(byte[] buffer, int from) {
    int colon = from;
    while (buffer[colon] != ':') {
      if (buffer[colon] == ' ') {
        return 0; // the heading
      }
      colon++;
    }
    long word = 0;
    for (int i = colon - 8; i < colon; i++) {
      word = word << 4 | Character.digit(buffer[i], 16);
    }
    int port = 0;
    for (int i = colon + 1; buffer[i] != ' '; i++) {
      port = port << 4 | Character.digit(buffer[i], 16);
    }
    return word << 16 | port;
  }

  /** The two digits of the timer stand before a colon: {@code 02:000003E8}. */
  private static int hex(byte[] buffer, int last) {
    return Character.digit(buffer[last - 1], 16) << 4 | Character.digit(buffer[last], 16);
  }
}
