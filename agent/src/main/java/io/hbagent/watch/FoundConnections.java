package io.hbagent.watch;

import io.hbagent.keepalive.ConnectionTable;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.Role;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.OpenSockets;
import io.hbagent.tcp.RemoteAddresses;
import io.hbagent.tcp.TcpInfo;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds the connections no hook has seen, those of native libraries and those that were open before
 * an attach, and has them given options. On the watchdog's thread, at an interval.
 *
 * <p>A connection that passed a hook is passed over for the price of its number. One that was found
 * is known by its inode: nothing tells when a native library closes it and opens another behind the
 * same number.
 */
final class FoundConnections {

  private final KeepaliveManager keeper;
  private final ConnectionTable table;
  private final WatchedConnections watched;
  private final BitSet listenerPorts = new BitSet();
  private Map<Integer, Long> inodes = new HashMap<>();
  private Map<Integer, Long> seen;
  private RemoteAddresses remotes;

  FoundConnections(KeepaliveManager keeper, WatchedConnections watched) {
    this.keeper = keeper;
    this.table = keeper.table();
    this.watched = watched;
  }

  void sweep() {
    remotes = new RemoteAddresses();
    seen = new HashMap<>();
    OpenSockets.forEachUnknown(this::isHooked, this::visit);
    inodes = seen;
    remotes = null;
  }

  /** Whether what lies behind a number has passed a hook. */
  private boolean isHooked(int number) {
    int entry = table.entry(number);
    if (entry == ConnectionTable.UNKNOWN
        || table.isClosed(number)
        || table.openedAt(number) == ConnectionTable.UNSEEN) {
      return false;
    }
    return !watched.isGone(number, entry);
  }

  private void visit(int number, long inode, FileDescriptor fd) {
    try {
      int state = TcpInfo.state(Kernel.info(fd));
      if (state == TcpInfo.LISTEN) {
        listenerPorts.set(Kernel.local(fd).getPort());
      } else if (state != TcpInfo.CLOSE && state != TcpInfo.SYN_SENT) {
        seen.put(number, inode);
        if (!Long.valueOf(inode).equals(inodes.get(number))) {
          take(fd);
        }
      }
    } catch (IOException e) {
      // closed meanwhile, or not TCP
    }
  }

  private void take(FileDescriptor fd) throws IOException {
    InetSocketAddress local = Kernel.local(fd);
    Role role = listenerPorts.get(local.getPort()) ? Role.SERVER : Role.CLIENT;
    keeper.found(fd, role, local, remotes.of(fd));
  }
}
