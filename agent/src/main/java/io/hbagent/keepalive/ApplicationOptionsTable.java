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
 * conflict=tighten} and detach.
 *
 * <p>A socket is given as its FileDescriptor, or as an Integer when a native transport knows it by
 * number only. The first is kept by the identity of the descriptor object, which lives as long as
 * its socket (it has no equals of its own): a number alone would hand the choice on to the next
 * socket that gets it. For the second, {@link #forget} is called when the transport opens and
 * closes it. Only a connection whose options the application touches has an entry.
 *
 * <p>Any thread. Sockets are spread over several maps, each guarded by its own monitor, because
 * threads that set options at the same time must not wait for each other.
 */
final class ApplicationOptionsTable {

  /** A power of two. */
  private static final int MAPS = 16;

  private final List<Map<Object, ApplicationOptions>> byDescriptor = new ArrayList<>(MAPS);
  private final List<Map<Object, ApplicationOptions>> byNumber = new ArrayList<>(MAPS);
  private volatile boolean any;
  private volatile KeepaliveValues unset = KeepaliveValues.LINUX;

  ApplicationOptionsTable() {
    for (int i = 0; i < MAPS; i++) {
      byDescriptor.add(new WeakHashMap<Object, ApplicationOptions>());
      byNumber.add(new HashMap<Object, ApplicationOptions>());
    }
  }

  /** Sets the values that this kernel gives to options that are not set. */
  void unset(KeepaliveValues carried) {
    unset = carried;
  }

  /** Returns the values that this kernel gives to options that are not set. */
  KeepaliveValues unset() {
    return unset;
  }

  private Map<Object, ApplicationOptions> map(Object socket) {
    return (socket instanceof FileDescriptor ? byDescriptor : byNumber)
        .get(socket.hashCode() & MAPS - 1);
  }

  /** Returns the options of a socket, or null. */
  private ApplicationOptions find(Object socket) {
    if (!any) {
      return null;
    }
    Map<Object, ApplicationOptions> map = map(socket);
    synchronized (map) {
      return map.get(socket);
    }
  }

  private ApplicationOptions make(Object socket) {
    if (!any) {
      any = true;
    }
    Map<Object, ApplicationOptions> map = map(socket);
    synchronized (map) {
      ApplicationOptions own = map.get(socket);
      if (own == null) {
        own = new ApplicationOptions();
        map.put(socket, own);
      }
      return own;
    }
  }

  /**
   * Records an option that the application has set to a value, in the units of {@link Kernel#set}.
   *
   * @param sparing whether turning keepalive off alone makes no entry
   */
  void set(Object socket, int option, int value, boolean sparing) {
    boolean off = sparing && option == Options.KEEPALIVE && value == 0;
    ApplicationOptions own = off ? find(socket) : make(socket);
    if (own != null) {
      own.set(option, value);
    }
  }

  /** Forgets a number, which begins or ends to be a socket of a native transport. */
  void forget(int number) {
    if (any) {
      Map<Object, ApplicationOptions> map = map(number);
      synchronized (map) {
        map.remove(number);
      }
    }
  }

  /** Returns the {@link Options} the application has set on a socket. */
  int of(Object socket) {
    ApplicationOptions own = find(socket);
    return own == null ? 0 : own.bits();
  }

  /**
   * Returns the policy, or what the application has set on a socket if that finds a dead peer
   * sooner.
   */
  Policy tighter(Object socket, Policy policy) {
    ApplicationOptions own = find(socket);
    return own == null ? policy : own.tighter(policy, unset());
  }

  /** Returns all by descriptor number. */
  Map<Integer, ApplicationOptions> byNumber() {
    Map<Integer, ApplicationOptions> result = new HashMap<>();
    for (Map<Object, ApplicationOptions> map : byNumber) {
      synchronized (map) {
        for (Map.Entry<Object, ApplicationOptions> entry : map.entrySet()) {
          result.put((Integer) entry.getKey(), entry.getValue());
        }
      }
    }
    for (Map<Object, ApplicationOptions> map : byDescriptor) {
      synchronized (map) {
        for (Map.Entry<Object, ApplicationOptions> entry : map.entrySet()) {
          int number = Kernel.number((FileDescriptor) entry.getKey());
          if (number >= 0) {
            result.put(number, entry.getValue());
          }
        }
      }
    }
    return result;
  }
}
