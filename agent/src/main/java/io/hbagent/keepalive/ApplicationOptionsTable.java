package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.Options;
import java.io.FileDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Options the application has set itself, by socket; for {@code conflict=respect}, {@code
 * conflict=tighten} and detach. Only a socket whose options the application sets has an entry.
 *
 * <p>A socket is given as its FileDescriptor, or as an Integer when a native transport knows it by
 * number only. The first is kept by the identity of the descriptor object, which lives as long as
 * its socket (it has no equals of its own): a number alone would pass the entry on to the next
 * socket that gets it. For the second, {@link #forget} is called when the transport opens and
 * closes it.
 *
 * <p>Any thread. Sockets are spread over several maps, each guarded by its own monitor, because
 * threads that set options at the same time must not wait for each other.
 */
final class ApplicationOptionsTable {

  /** The options an application has set on one socket. */
  static final class Entry {
    private final int[] values = new int[Options.COUNT];
    private int bits;

    /** Returns the options that were set. */
    synchronized int bits() {
      return bits;
    }

    private synchronized void set(int option, int value) {
      values[Options.index(option)] = value;
      bits |= option;
    }

    /** Returns the values of a socket that had others before the application set these. */
    synchronized KeepaliveValues over(KeepaliveValues before) {
      return before.with(bits, values);
    }

    /**
     * Returns the policy, or the application's values if they find a dead peer sooner.
     *
     * @param unset the kernel's values for a socket on which nothing is set
     */
    Policy tighter(Policy policy, KeepaliveValues unset) {
      KeepaliveValues own = over(unset);
      return own.isSooner(policy) ? policy.with(own) : policy;
    }
  }

  /** The number of maps for each kind of key; a power of two. */
  private static final int MAPS = 16;

  /** First those for numbers, then those for descriptors. */
  private final List<Map<Object, Entry>> maps = new ArrayList<>(2 * MAPS);

  private volatile boolean any;

  ApplicationOptionsTable() {
    for (int i = 0; i < 2 * MAPS; i++) {
      maps.add(i < MAPS ? new HashMap<Object, Entry>() : new WeakHashMap<Object, Entry>());
    }
  }

  private Map<Object, Entry> map(Object socket) {
    return maps.get((socket.hashCode() & MAPS - 1) + (socket instanceof FileDescriptor ? MAPS : 0));
  }

  /** Returns the entry of a socket, or null. */
  Entry get(Object socket) {
    if (!any) {
      return null;
    }
    Map<Object, Entry> map = map(socket);
    synchronized (map) {
      return map.get(socket);
    }
  }

  private Entry getOrCreate(Object socket) {
    if (!any) {
      any = true;
    }
    Map<Object, Entry> map = map(socket);
    synchronized (map) {
      Entry entry = map.get(socket);
      if (entry == null) {
        entry = new Entry();
        map.put(socket, entry);
      }
      return entry;
    }
  }

  /**
   * Records an option that the application has set to a value, in the units of {@link Kernel#set}.
   *
   * @param sparing whether turning keepalive off alone makes no entry
   */
  void set(Object socket, int option, int value, boolean sparing) {
    boolean off = sparing && option == Options.KEEPALIVE && value == 0;
    Entry entry = off ? get(socket) : getOrCreate(socket);
    if (entry != null) {
      entry.set(option, value);
    }
  }

  /** Forgets a number, which begins or ends to be a socket of a native transport. */
  void forget(int number) {
    if (any) {
      Map<Object, Entry> map = map(number);
      synchronized (map) {
        map.remove(number);
      }
    }
  }

  /** Returns all by descriptor number. */
  Map<Integer, Entry> byNumber() {
    Map<Integer, Entry> result = new HashMap<>();
    for (Map<Object, Entry> map : maps) {
      synchronized (map) {
        for (Map.Entry<Object, Entry> entry : map.entrySet()) {
          Object key = entry.getKey();
          int number = key instanceof Integer ? (Integer) key : Kernel.number((FileDescriptor) key);
          if (number >= 0) {
            result.put(number, entry.getValue());
          }
        }
      }
    }
    return result;
  }
}
