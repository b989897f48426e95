package io.hbagent.watch;

import io.hbagent.tcp.Kernel;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections that are half-open now, by number.
 *
 * <p>{@link #closing} is called on the application's threads, in every close: it costs a volatile
 * read while nothing is half-open, and otherwise an array access for every other connection.
 */
final class HalfOpenConnections {

  /** One of them. */
  static final class Entry {

    /** Boxed once, so that removing it needs no memory. */
    private final Integer number;

    final ConnectionDescription connection;

    /** When it was found half-open, in ms of the watchdog's clock. */
    private final int since;

    /** TCP_INFO at the moment the application closed it; 0 until then. */
    volatile int lastInfo;

    Entry(ConnectionDescription connection, int since) {
      this.number = connection.fd;
      this.connection = connection;
      this.since = since;
    }

    /** Returns for how many ms it has been half-open. */
    long age(int now) {
      int difference = now - since;
      return difference;
    }
  }

  private final WatchedConnections connections;
  private final Map<Integer, Entry> byNumber = new ConcurrentHashMap<>();
  private volatile boolean any;

  HalfOpenConnections(WatchedConnections connections) {
    this.connections = connections;
  }

  void add(Entry entry) {
    byNumber.put(entry.number, entry);
    any = true;
  }

  /** Returns the one of a number, or null. */
  Entry get(int number) {
    return any ? byNumber.get(number) : null;
  }

  /** Removes one, after what became of it was reported. */
  void remove(Entry entry) {
    byNumber.remove(entry.number);
    any = !byNumber.isEmpty();
  }

  void clear() {
    byNumber.clear();
    any = false;
  }

  int size() {
    return byNumber.size();
  }

  /**
   * Reads TCP_INFO of a half-open connection that the application closes: whether the kernel had
   * dropped it before can only be seen now.
   */
  void closing(FileDescriptor fd) throws IOException {
    if (!any) {
      return;
    }
    int number = Kernel.number(fd);
    WatchedConnection watched = number < 0 ? null : connections.get(number);
    if (watched == null || !watched.is(WatchedConnection.HALF_OPEN)) {
      return;
    }
    Entry entry = byNumber.get(number);
    if (entry != null && entry.lastInfo == 0) {
      entry.lastInfo = Kernel.info(fd);
    }
  }
}
