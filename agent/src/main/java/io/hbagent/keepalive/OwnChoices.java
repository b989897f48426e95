package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import java.io.FileDescriptor;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * What the application has set itself, for {@code conflict=respect}.
 *
 * <p>Kept by the identity of the descriptor object, which lives as long as its socket (it has no
 * equals of its own): a number alone would hand the choice on to the next socket that gets it. Only
 * a connection whose options the application touches has an entry. Any thread.
 */
final class OwnChoices {

  private final Map<FileDescriptor, Integer> bits = new WeakHashMap<>();
  private volatile boolean any;

  void add(FileDescriptor fd, int bit) {
    synchronized (bits) {
      Integer before = bits.get(fd);
      bits.put(fd, before == null ? bit : before | bit);
      any = true;
    }
  }

  /**
   * What the application itself wants of keepalive, whether it gets it or not: for the day the
   * agent is detached. Only a wish to have it on takes an entry.
   */
  void wanted(FileDescriptor fd, boolean on) {
    if (!on && !any) {
      return;
    }
    synchronized (bits) {
      Integer before = bits.get(fd);
      if (on) {
        bits.put(fd, before == null ? Options.WANTED : before | Options.WANTED);
        any = true;
      } else if (before != null) {
        bits.put(fd, before & ~Options.WANTED);
      }
    }
  }

  /** The bits of {@link Options} the application has set on this socket. */
  int of(FileDescriptor fd) {
    if (!any) {
      return 0;
    }
    synchronized (bits) {
      Integer own = bits.get(fd);
      return own == null ? 0 : own;
    }
  }

  /** The same by descriptor number, for a look at the open sockets of the process. */
  Map<Integer, Integer> byNumber() {
    Map<Integer, Integer> result = new HashMap<>();
    synchronized (bits) {
      for (Map.Entry<FileDescriptor, Integer> entry : bits.entrySet()) {
        int number = Kernel.number(entry.getKey());
        if (number >= 0) {
          result.put(number, entry.getValue());
        }
      }
    }
    return result;
  }
}
