package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import java.io.FileDescriptor;
import java.lang.ref.WeakReference;
import java.util.Arrays;

/**
 * The listeners that were given a policy before they began to listen. All they accept inherits it
 * (Linux {@code net/core/sock.c}, sk_clone_lock), also what waits in the kernel to be accepted.
 *
 * <p>Any thread. A listener is known by its descriptor object, kept weakly: a number alone may be
 * another listener's by now, and one that the application has lost must still be collected.
 */
final class Listeners {

  private static final class Entry extends WeakReference<FileDescriptor> {

    private final Policy policy;
    private final KeepaliveValues before;
    private volatile boolean changed;

    Entry(FileDescriptor listener, Policy policy, KeepaliveValues before) {
      super(listener);
      this.policy = policy;
      this.before = before;
    }
  }

  /** Null before the first. */
  private volatile Entry[] byNumber;

  /** Records the policy a listener was given, and the options it had before. */
  synchronized void add(FileDescriptor listener, Policy policy, KeepaliveValues before) {
    int number = Kernel.number(listener);
    if (number < 0) {
      return; // closed in the meantime
    }
    Entry[] all = byNumber;
    if (all == null) {
      all = new Entry[number + 16];
    } else if (number >= all.length) {
      all = Arrays.copyOf(all, number + 16);
    }
    all[number] = new Entry(listener, policy, before);
    byNumber = all;
  }

  /** Records that the application has changed the options of a socket, perhaps a listener here. */
  void changed(int number) {
    Entry entry = entry(number);
    if (entry != null) {
      entry.changed = true;
    }
  }

  /** Returns the policy that all a listener accepts inherits; null if that is not known. */
  Policy inherited(FileDescriptor listener) {
    Entry entry = entry(listener);
    return entry != null && !entry.changed ? entry.policy : null;
  }

  /** Returns the options a listener had before it was given some; null if it was given none. */
  KeepaliveValues before(FileDescriptor listener) {
    Entry entry = entry(listener);
    return entry == null ? null : entry.before;
  }

  /**
   * Returns the options that the listener of a number had before it was given some, or null. Only
   * right for a number that listens: from JDK 13 on a descriptor object keeps its number when it is
   * closed.
   */
  KeepaliveValues before(int number) {
    Entry entry = entry(number);
    FileDescriptor listener = entry == null ? null : entry.get();
    return listener != null && Kernel.number(listener) == number ? entry.before : null;
  }

  private Entry entry(FileDescriptor listener) {
    Entry entry = listener == null ? null : entry(Kernel.number(listener));
    return entry != null && entry.get() == listener ? entry : null;
  }

  private Entry entry(int number) {
    Entry[] all = byNumber;
    return all != null && number >= 0 && number < all.length ? all[number] : null;
  }
}
