package io.hbagent.tcp;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Reads {@link SocketSnapshot}s of many connections: {@code /proc/self/net/tcp} and {@code tcp6}
 * once for all of them, TCP_INFO for each. On the agent's thread.
 */
public final class SocketSnapshots {

  /** Send queue, receive queue and timer of a row, by inode. */
  private final Map<Long, long[]> rows = new HashMap<>();

  /**
   * Reads both files.
   *
   * @param inodes of the sockets that are to be read, see {@link OpenSockets#inode}: the files list
   *     the whole network namespace
   */
  public SocketSnapshots(Collection<Long> inodes) {
    Set<Long> wanted = new HashSet<>(inodes);
    ProcNetTcp.forEach(
        row -> {
          Long inode = row.inode();
          if (wanted.contains(inode)) {
            rows.put(inode, new long[] {row.sendQueue(), row.receiveQueue(), row.timer()});
          }
        });
  }

  /**
   * Returns the state of a connection.
   *
   * @throws IOException if it was closed
   */
  public SocketSnapshot of(FileDescriptor fd, long inode) throws IOException {
    ByteBuffer info = Kernel.calls.tcpInfo(fd);
    long[] row = rows.get(inode);
    return row == null
        ? new SocketSnapshot(
            info, SocketSnapshot.UNKNOWN, SocketSnapshot.UNKNOWN, SocketSnapshot.UNKNOWN)
        : new SocketSnapshot(info, row[0], row[1], (int) row[2]);
  }
}
