package io.hbagent.keepalive;

import java.io.FileDescriptor;
import java.net.InetSocketAddress;

/**
 * A TCP socket that is open in this process; see {@link io.hbagent.tcp.OpenSockets} for a number
 * that is used again in the meantime. One thread.
 */
public final class OpenSocket {

  /** The number of its descriptor. */
  public final int number;

  /** For reading and setting options only. */
  public final FileDescriptor descriptor;

  /** The first four bytes of its TCP_INFO, see {@link io.hbagent.tcp.TcpInfo}. */
  public final int info;

  /** Distinguishes it from a later socket with the same number. */
  public final long inode;

  /** The local end of a connection; null until the ends are read. */
  public InetSocketAddress local;

  /** The remote end of a connection; null until the ends are read. */
  public InetSocketAddress remote;

  /** The role a hook saw, or else the server's if the local port has a listener. */
  public Role role = Role.CLIENT;

  /** The index of the rule, or {@link Rules#NO_RULE}. */
  public int decision = Rules.NO_RULE;

  OpenSocket(int number, long inode, FileDescriptor descriptor, int info) {
    this.number = number;
    this.inode = inode;
    this.descriptor = descriptor;
    this.info = info;
  }
}
