package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * What the application has set itself, for {@code conflict=respect} and {@code conflict=tighten}.
 *
 * <p>A socket is given as its FileDescriptor, or as an Integer when a native transport knows it by
 * number only. The first is kept by the identity of the descriptor object, which lives as long as
 * its socket (it has no equals of its own): a number alone would hand the choice on to the next
 * socket that gets it. For the second, {@link #forget} is called when the transport opens and
 * closes it. Only a connection whose options the application touches has an entry. Any thread.
 */
final class ApplicationOptionsTable {

  private final Map<Object, ApplicationOptions> byDescriptor = new WeakHashMap<>();
  private final Map<Object, ApplicationOptions> byNumber = new HashMap<>();
  private volatile boolean any;

  /** Null until it is known: a class less to load at the start. */
  private volatile KeepaliveValues unset;

  /** From now on it is known what this kernel gives to whatever is not set. */
  void unset(KeepaliveValues carried) {
    unset = carried;
  }

  /** What this kernel gives to whatever is not set. */
  KeepaliveValues unset() {
    KeepaliveValues known = unset;
    return known == null ? KeepaliveValues.STANDARD : known;
  }

  private Map<Object, ApplicationOptions> map(Object socket) {
    return socket instanceof FileDescriptor ? byDescriptor : byNumber;
  }

  private ApplicationOptions make(Object socket) {
    ApplicationOptions choice = map(socket).get(socket);
    if (choice == null) {
      choice = new ApplicationOptions();
      map(socket).put(socket, choice);
    }
    any = true;
    return choice;
  }

  /** The application has set the option of this bit; its value is read from {@code fd}. */
  synchronized void set(Object socket, FileDescriptor fd, int bit) throws IOException {
    make(socket).read(fd, bit);
  }

  /** A number begins or ends to be a socket of a native transport. */
  void forget(int number) {
    if (any) {
      synchronized (this) {
        byNumber.remove(number);
      }
    }
  }

  /**
   * What the application itself wants of keepalive, whether it gets it or not: for the day the
   * agent is detached. Only a wish to have it on takes an entry.
   */
  void wanted(Object socket, boolean on) {
    if (!on && !any) {
      return;
    }
    synchronized (this) {
      ApplicationOptions choice = on ? make(socket) : map(socket).get(socket);
      if (choice != null) {
        choice.wanted(on);
      }
    }
  }

  /** The bits of {@link Options} the application has set on this socket. */
  int of(Object socket) {
    if (!any) {
      return 0;
    }
    synchronized (this) {
      ApplicationOptions own = map(socket).get(socket);
      return own == null ? 0 : own.bits();
    }
  }

  /**
   * The policy, or what the application has set on this socket if that finds a dead peer sooner.
   */
  Policy tighter(Object socket, Policy policy) {
    if (!any) {
      return policy;
    }
    synchronized (this) {
      ApplicationOptions own = map(socket).get(socket);
      return own == null ? policy : own.tighter(policy, unset());
    }
  }

  /** All of them by descriptor number, for a look at the open sockets of the process. */
  synchronized Map<Integer, ApplicationOptions> byNumber() {
    Map<Integer, ApplicationOptions> result = new HashMap<>();
    for (Map.Entry<Object, ApplicationOptions> entry : byNumber.entrySet()) {
      result.put((Integer) entry.getKey(), entry.getValue());
    }
    for (Map.Entry<Object, ApplicationOptions> entry : byDescriptor.entrySet()) {
      int number = Kernel.number((FileDescriptor) entry.getKey());
      if (number >= 0) {
        result.put(number, entry.getValue());
      }
    }
    return result;
  }
}
