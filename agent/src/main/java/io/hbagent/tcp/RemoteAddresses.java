package io.hbagent.tcp;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.HashMap;
import java.util.Map;

/**
 * The remote ends of open sockets. One thread; on JDK 8 and 11 preferably not the application's.
 *
 * <p>{@code Net.remoteAddress} is there on every JDK, but on 8 and 11 the native behind it is
 * missing from the library. Then {@code /proc/self/net/tcp} and {@code tcp6} are read, once, and a
 * socket is found in them by its inode.
 */
public final class RemoteAddresses {

  /** By inode; null as long as the JDK returns them. */
  private Map<Long, InetSocketAddress> table;

  /** By inode, of the sockets that are connecting; null until the first is asked for. */
  private Map<Long, InetSocketAddress> connecting;

  /** Creates an empty cache of the tables in /proc. */
  public RemoteAddresses() {}

  /**
   * Returns the remote end of a connected socket.
   *
   * @throws IOException if it is not connected, or no longer
   */
  public InetSocketAddress of(FileDescriptor fd) throws IOException {
    if (table == null) {
      try {
        return Kernel.remote(fd);
      } catch (UnsatisfiedLinkError e) {
        table = new HashMap<>();
        ProcNetTcp.forEach(row -> table.put(row.inode(), row.address(ProcNetTcp.REMOTE)));
      }
    }
    InetSocketAddress found = table.get(OpenSockets.inode(Kernel.number(fd)));
    if (found == null) {
      throw new SocketException("not connected: descriptor " + Kernel.number(fd));
    }
    return found;
  }

  /**
   * Returns the remote end of a socket that is connecting, which getpeername(2) refuses.
   *
   * @param inode see {@link OpenSockets#inode}
   * @throws IOException if it is not connecting any more
   */
  public InetSocketAddress ofConnecting(long inode) throws IOException {
    if (connecting == null) {
      connecting = new HashMap<>();
      ProcNetTcp.forEach(
          row -> {
            if (row.state() == TcpInfo.SYN_SENT) {
              connecting.put(row.inode(), row.address(ProcNetTcp.REMOTE));
            }
          });
    }
    InetSocketAddress found = connecting.get(inode);
    if (found == null) {
      throw new SocketException("not connecting");
    }
    return found;
  }

  /**
   * Returns whether the addresses come from /proc, as it was when the first was read: what was
   * connected since is missing.
   */
  public boolean isSnapshot() {
    return table != null;
  }
}
