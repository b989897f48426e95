package io.hbagent.watch;

import io.hbagent.keepalive.ConnectionTable;
import io.hbagent.keepalive.Keeper;
import io.hbagent.keepalive.Role;
import io.hbagent.keepalive.Rules;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.OpenSockets;
import io.hbagent.tcp.RemoteAddresses;
import io.hbagent.tcp.TcpInfo;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.BitSet;

/**
 * Finds the connections no hook has seen: those of native libraries, and those that were open
 * before an attach. On the watchdog's thread, every few rounds.
 */
final class FoundConnections {

  private final Keeper keeper;
  private final ConnectionTable table;
  private final Slots slots;
  private RemoteAddresses remotes;
  private final BitSet listenerPorts = new BitSet();

  FoundConnections(Keeper keeper, Slots slots) {
    this.keeper = keeper;
    this.table = keeper.table();
    this.slots = slots;
  }

  void sweep() {
    remotes = new RemoteAddresses();
    OpenSockets.forEachUnknown(this::isWatched, this::visit);
  }

  private boolean isWatched(int number) {
    int entry = table.entry(number);
    boolean gone =
        (slots.flags(number) & Detector.GONE) != 0
            && ConnectionTable.isSame(slots.key(number), entry);
    return entry != ConnectionTable.UNKNOWN && !gone;
  }

  private void visit(int number, FileDescriptor fd) {
    try {
      int state = TcpInfo.state(Kernel.info(fd));
      if (state == TcpInfo.LISTEN) {
        listenerPorts.set(Kernel.local(fd).getPort());
      } else if (state != TcpInfo.CLOSE) {
        take(number, Kernel.local(fd), remotes.of(fd));
      }
    } catch (IOException e) {
      // closed meanwhile, or not TCP
    }
  }

  private void take(int number, InetSocketAddress local, InetSocketAddress remote) {
    Role role = listenerPorts.get(local.getPort()) ? Role.SERVER : Role.CLIENT;
    Rules rules = keeper.rules();
    int decision = rules.decide(role, remote.getAddress(), remote.getPort(), local);
    table.found(number, role, decision);
  }
}
