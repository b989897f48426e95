package io.hbagent.tcp;

import java.nio.ByteOrder;

/**
 * The first four bytes of Linux' {@code struct tcp_info} ({@code linux/tcp.h}): tcpi_state,
 * tcpi_ca_state, tcpi_retransmits, tcpi_probes.
 */
public final class TcpInfo {

  /** {@code net/tcp_states.h}. */
  public static final int ESTABLISHED = 1;

  /** The socket is connecting. */
  public static final int SYN_SENT = 2;

  /** The socket is being accepted. */
  public static final int SYN_RECV = 3;

  /** The socket is not connected: not yet, or no longer. */
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

  /** Returns the name of the state, such as ESTABLISHED. */
  public static String stateName(int info) {
    int state = state(info);
    return state < NAMES.length ? NAMES[state] : NAMES[0];
  }

  /**
   * Returns how often the oldest unacknowledged segment was sent again; 0 on a healthy connection.
   */
  public static int retransmits(int info) {
    return at(info, 2);
  }

  /** Returns the number of keepalive or zero-window probes that are unanswered. */
  public static int probes(int info) {
    return at(info, 3);
  }

  private static int at(int info, int index) {
    int shift = 8 * (BIG_ENDIAN ? 3 - index : index);
    return (info >>> shift) & 0xFF;
  }
}
