package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.OpenSockets;
import io.hbagent.tcp.TcpInfo;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Sockets that passed no hook, with the options they had before they were given some: those that
 * were open before an attach, and those of native code. By descriptor number and inode, which
 * distinguishes a socket from a later one of the same number. On the agent's thread, and on another
 * for a detach where that one hangs.
 */
final class FoundSockets {

  /** Longer than a thread needs from the entry of connect to the kernel. */
  private static final long UNCONNECTED_NANOS = 10_000_000_000L;

  private final Map<Integer, Found> found = new HashMap<>();

  /** By port: the options listeners had before. */
  private final Map<Integer, KeepaliveValues> listeners = new HashMap<>();

  /** A socket that passed no hook. */
  static final class Found {
    final long inode;
    final KeepaliveValues before;
    private final long since = System.nanoTime();

    /** The state in which it was found last, a constant of {@link TcpInfo}. */
    int state;

    /** Set once it has its options, for which it must be connected. */
    boolean isDone;

    private Found(long inode, KeepaliveValues before) {
      this.inode = inode;
      this.before = before;
    }
  }

  /** Returns the entry of a socket, or null; that of an earlier one with the number is removed. */
  synchronized Found get(int number, long inode) {
    Found entry = found.get(number);
    if (entry != null && entry.inode != inode) {
      found.remove(number);
      entry = null;
    }
    return entry;
  }

  /**
   * Returns the entry of a socket, made if there is none. Where it has inherited options from a
   * listener that was given the general policy, it had those of the listener before.
   */
  synchronized Found find(FileDescriptor fd, Policy general) throws IOException {
    int number = Kernel.number(fd);
    long inode = OpenSockets.inode(number);
    Found entry = get(number, inode);
    if (entry == null) {
      int port = Kernel.local(fd).getPort();
      KeepaliveValues now = KeepaliveValues.of(fd);
      KeepaliveValues listener = listeners.get(port);
      boolean inherited = listener != null && now.matches(general, 0);
      entry = new Found(inode, inherited ? listener : now);
      found.put(number, entry);
      if (TcpInfo.state(Kernel.info(fd)) == TcpInfo.LISTEN) {
        listeners.put(port, now);
      }
    }
    return entry;
  }

  /** Records the options the listener of a port had before it was given some. */
  synchronized void listener(int port, KeepaliveValues before) {
    listeners.put(port, before);
  }

  /** Returns the options the listener of a port had before, or null. */
  synchronized KeepaliveValues listener(int port) {
    return listeners.get(port);
  }

  /** Removes the entries of all other numbers, and of listeners of all other ports. */
  synchronized void retain(BitSet numbers, BitSet listenerPorts) {
    found.keySet().removeIf(number -> !numbers.get(number));
    listeners.keySet().removeIf(port -> !listenerPorts.get(port));
  }

  synchronized void clear() {
    found.clear();
    listeners.clear();
  }

  /** Returns whether a socket that was found unconnected may still connect without a hook. */
  synchronized boolean isWaiting() {
    for (Found entry : found.values()) {
      if (!entry.isDone
          && (entry.state == TcpInfo.SYN_SENT
              || (entry.state == TcpInfo.CLOSE
                  && System.nanoTime() - entry.since < UNCONNECTED_NANOS))) {
        return true;
      }
    }
    return false;
  }
}
