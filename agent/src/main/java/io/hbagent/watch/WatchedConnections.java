package io.hbagent.watch;

import io.hbagent.keepalive.ConnectionTable;
import java.util.Arrays;

/**
 * The {@link WatchedConnection} of each descriptor number. Filled by the watchdog's thread, read by
 * any.
 */
final class WatchedConnections {

  private volatile WatchedConnection[] byNumber = new WatchedConnection[1024];

  /** Returns a bound above the greatest number that has one. */
  int end() {
    return byNumber.length;
  }

  /** Returns the one of a number, or null. */
  WatchedConnection get(int number) {
    WatchedConnection[] all = byNumber;
    return number < all.length ? all[number] : null;
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

  /** Returns whether the connection of an entry of the table is known to be closed. */
  boolean isGone(int number, int entry) {
    WatchedConnection known = get(number);
    return known != null
        && known.is(WatchedConnection.GONE)
        && ConnectionTable.isSame(known.entry, entry);
  }
}
