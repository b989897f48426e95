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
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the connections no hook has seen, those of native libraries and those that were open before
 * an attach, and has them given options; and has options set again that native code has changed on
 * the others. On the watchdog's thread, at an interval.
 *
 * <p>A connection that passed a hook costs one getsockopt, in some sweeps four. One that was found
 * is known by its inode as well: no hook sees when a native library closes it and opens another
 * with the same number.
 */
final class FoundConnections {

  /** In which of so many sweeps the timers of a connection are read, beside SO_KEEPALIVE. */
  private static final int TIMERS_EVERY = 8;

  private final KeepaliveManager manager;
  private final ConnectionTable table;
  private final WatchedConnections watched;
  private final BitSet listenerPorts = new BitSet();
  private final List<Integer> unknown = new ArrayList<>();
  private Map<Integer, Long> inodes = new HashMap<>();
  private Map<Integer, Long> seen;
  private RemoteAddresses remotes;
  private int sweeps;

  FoundConnections(KeepaliveManager manager, WatchedConnections watched) {
    this.manager = manager;
    this.table = manager.table();
    this.watched = watched;
  }

  void sweep() {
    sweeps = (sweeps + 1) % TIMERS_EVERY;
    remotes = new RemoteAddresses();
    seen = new HashMap<>();
    listenerPorts.clear();
    unknown.clear();
    OpenSockets.forEach(this::visit);
    long inherited = unknown.isEmpty() ? -1 : OpenSockets.inherited();
    for (int number : unknown) {
      take(number, seen.get(number) == inherited);
    }
    inodes = seen;
    remotes = null;
  }

  private void visit(int number, FileDescriptor fd) {
    try {
      boolean known = table.isHooked(number) && !watched.isGone(number, table.entry(number));
      if (!known) {
        long inode = OpenSockets.inode(number);
        int info = inode < 0 ? 0 : Kernel.info(fd);
        if (TcpInfo.state(info) == TcpInfo.LISTEN) {
          listenerPorts.set(Kernel.local(fd).getPort());
        }
        if (inode < 0 || !TcpInfo.isConnected(info)) {
          return;
        }
        seen.put(number, inode);
        known = Long.valueOf(inode).equals(inodes.get(number));
      }
      if (known) {
        manager.recheck(fd, (number + sweeps) % TIMERS_EVERY == 0, remotes);
      } else {
        unknown.add(number);
      }
    } catch (IOException e) {
      // closed in the meantime, or not TCP
    }
  }

  /** Gives options to a connection, once all listeners are known. */
  private void take(int number, boolean inherited) {
    try {
      FileDescriptor fd = Kernel.wrap(number);
      InetSocketAddress local = Kernel.local(fd);
      boolean accepted = inherited || listenerPorts.get(local.getPort());
      manager.found(fd, accepted ? Role.SERVER : Role.CLIENT, local, remotes.of(fd));
    } catch (IOException e) {
      seen.remove(number); // closed, or to be found again by the next sweep
    }
  }
}
