package io.hbagent.watch;

import io.hbagent.tcp.Kernel;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The {@link WatchedConnection} of each descriptor number, and a description of those that are
 * half-open now. Written by the watchdog's thread, read by any.
 */
final class WatchedConnections {

  private volatile WatchedConnection[] byNumber = new WatchedConnection[1024];
  private final Map<Integer, ConnectionDescription> halfOpen = new ConcurrentHashMap<>();
  private volatile boolean anyHalfOpen;

  /** Returns a bound above the greatest number that has one. */
  int end() {
    return byNumber.length;
  }

  /** Returns the one of a number, or null. */
  WatchedConnection get(int number) {
    WatchedConnection[] all = byNumber;
    return number >= 0 && number < all.length ? all[number] : null;
  }

  /** Returns the one of a number, which is created if needed. On the watchdog's thread. */
  WatchedConnection getOrCreate(int number) {
    WatchedConnection found = get(number);
    if (found == null) {
      found = new WatchedConnection();
      WatchedConnection[] all = byNumber;
      if (number >= all.length) {
        all = Arrays.copyOf(all, Math.max(number + 1, all.length * 2));
      }
      all[number] = found;
      byNumber = all;
    }
    return found;
  }

  void addHalfOpen(ConnectionDescription connection, int now) {
    connection.halfOpenSince = now;
    halfOpen.put(connection.fd, connection);
    anyHalfOpen = true;
  }

  /** Returns the half-open connection of a number, or null. */
  ConnectionDescription halfOpen(int number) {
    return anyHalfOpen ? halfOpen.get(number) : null;
  }

  void removeHalfOpen(ConnectionDescription connection) {
    halfOpen.remove(connection.fd);
    anyHalfOpen = !halfOpen.isEmpty();
  }

  void clearHalfOpen() {
    halfOpen.clear();
    anyHalfOpen = false;
  }

  int halfOpenNow() {
    return halfOpen.size();
  }

  /**
   * Reads TCP_INFO of a half-open connection that the application closes: whether the kernel had
   * dropped it before can only be seen now. On the application's threads, in every close: it costs
   * a volatile read while nothing is half-open, and otherwise an array access for every other
   * connection.
   */
  void closing(FileDescriptor fd) throws IOException {
    if (!anyHalfOpen) {
      return;
    }
    int number = Kernel.number(fd);
    WatchedConnection watched = get(number);
    if (watched == null || !watched.is(WatchedConnection.HALF_OPEN)) {
      return;
    }
    ConnectionDescription connection = halfOpen.get(number);
    if (connection != null && connection.lastInfo == 0) {
      connection.lastInfo = Kernel.info(fd);
    }
  }
}
