package io.hbagent.tcp;

import java.nio.ByteOrder;

/**
 * Takes apart the first four bytes of Linux' {@code struct tcp_info} ({@code linux/tcp.h}):
 * tcpi_state, tcpi_ca_state, tcpi_retransmits, tcpi_probes.
 */
public final class TcpInfo {

  /** {@code net/tcp_states.h}. */
  public static final int ESTABLISHED = 1;

  /** The socket is connecting. */
  public static final int SYN_SENT = 2;

  /** The socket is being accepted. */
  public static final int SYN_RECV = 3;

  /** The socket is not connected: not yet, or no more. */
  public static final int CLOSE = 7;

  /** The peer has closed, the application has not. */
  public static final int CLOSE_WAIT = 8;

  /** The socket is a listener. */
  public static final int LISTEN = 10;

  /** By number, the names of {@code ss}(8) and netstat(8). */
  private static final String[] NAMES = {
    "?",
    "ESTABLISHED",
    "SYN-SENT",
    "SYN-RECV",
    "FIN-WAIT-1",
    "FIN-WAIT-2",
    "TIME-WAIT",
    "CLOSE",
    "CLOSE-WAIT",
    "LAST-ACK",
    "LISTEN",
    "CLOSING"
  };

  private static final boolean BIG_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;

  private TcpInfo() {}

  /** Returns the state, one of the constants here or another of the kernel's. */
  public static int state(int info) {
    return at(info, 0);
  }

  /** Returns whether the socket is connected: no listener, not unconnected, not connecting. */
  public static boolean isConnected(int info) {
    int state = state(info);
    return state != LISTEN && state != CLOSE && state != SYN_SENT;
  }

  /** Its name, such as ESTABLISHED. */
  public static String stateName(int info) {
    int state = state(info);
    return state < NAMES.length ? NAMES[state] : NAMES[0];
  }

  /** How often the oldest unacknowledged segment was sent again; 0 on a healthy connection. */
  public static int retransmits(int info) {
    return at(info, 2);
  }

  /** How many keepalive or zero-window probes are unanswered. */
  public static int probes(int info) {
    return at(info, 3);
  }

  /** Four bytes of an address that were read as one int of this machine. */
  static int networkOrder(int word) {
    return BIG_ENDIAN ? word : Integer.reverseBytes(word);
  }

  /** What the kernel would return for this, to try out what comes of it. */
  public static int of(int state, int retransmits, int probes) {
    return state << shift(0) | retransmits << shift(2) | probes << shift(3);
  }

  private static int at(int info, int index) {
    return (info >>> shift(index)) & 0xFF;
  }

  private static int shift(int index) {
    return 8 * (BIG_ENDIAN ? 3 - index : index);
  }
}
