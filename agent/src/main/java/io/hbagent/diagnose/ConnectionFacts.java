package io.hbagent.diagnose;

import io.hbagent.keepalive.Role;
import io.hbagent.tcp.SocketSnapshot;

/**
 * All that is known of one connection when it is judged. Times are in ms, {@link
 * SocketSnapshot#UNKNOWN} where they are not known. One thread.
 */
public final class ConnectionFacts {

  final SocketSnapshot socket;
  final Role role;
  final boolean keepalive;
  final int idle;
  final int cnt;

  /** Time since the application opened it. */
  public long opened = SocketSnapshot.UNKNOWN;

  /** Time since the watchdog first saw its probes or retransmissions unanswered. */
  public long unanswered = SocketSnapshot.UNKNOWN;

  /** Time since the watchdog first saw that the peer had closed. */
  public long peerClosed = SocketSnapshot.UNKNOWN;

  /**
   * Time in which its queues have not changed, from one snapshot to the next; UNKNOWN where they
   * have, or a second snapshot was not needed.
   */
  public long unchanged = SocketSnapshot.UNKNOWN;

  /** True where it is known which threads wait on it. */
  public boolean readersKnown;

  /** The name of a thread that waits for its data, or null. */
  public String reader;

  /**
   * Creates the facts of a connection that the agent has not seen before.
   *
   * @param idle in seconds, as it is on the socket
   * @param cnt probes
   */
  public ConnectionFacts(SocketSnapshot socket, Role role, boolean keepalive, int idle, int cnt) {
    this.socket = socket;
    this.role = role;
    this.keepalive = keepalive;
    this.idle = idle;
    this.cnt = cnt;
  }
}
