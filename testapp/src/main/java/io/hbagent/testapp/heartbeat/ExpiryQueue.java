package io.hbagent.testapp.heartbeat;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Keys in the order of their last activity. As all share one time-out, that is also the order in
 * which they expire, so only the head is ever looked at: {@link #touch}, {@link #remove}, {@link
 * #pollExpired} and {@link #nanosToNext} take the same time for one key and for a million. Not for
 * use by two threads.
 *
 * <p>A linked list of activities and a map from keys to its nodes, which a {@link LinkedHashMap} in
 * access order is: one hash finds the node, two links move it to the tail.
 */
final class ExpiryQueue<K> {
  private final Map<K, Long> lastActivity = new LinkedHashMap<>(16, 0.75f, true);
  private final long timeoutNanos;
  private final LongSupplier nanoClock;

  /**
   * Creates an empty queue.
   *
   * @param timeoutNanos after how long without activity a key expires, at least 1
   * @param nanoClock {@link System#nanoTime}, or a test's
   */
  ExpiryQueue(long timeoutNanos, LongSupplier nanoClock) {
    if (timeoutNanos < 1) {
      throw new IllegalArgumentException("timeout " + timeoutNanos + " ns is not positive");
    }
    this.timeoutNanos = timeoutNanos;
    this.nanoClock = nanoClock;
  }

  /** Records activity of a key now, and adds the key if it is new. */
  void touch(K key) {
    lastActivity.put(key, nanoClock.getAsLong());
  }

  /** Removes a key if it is present. */
  void remove(K key) {
    lastActivity.remove(key);
  }

  /**
   * Removes and returns the key that has been silent longest, or returns null if it has not
   * expired.
   */
  K pollExpired() {
    Iterator<Map.Entry<K, Long>> entries = lastActivity.entrySet().iterator();
    if (!entries.hasNext()) {
      return null;
    }
    Map.Entry<K, Long> head = entries.next();
    if (nanosLeft(head) > 0) {
      return null;
    }
    entries.remove();
    return head.getKey();
  }

  /**
   * Returns the nanoseconds until the next key expires: 0 if one has, Long.MAX_VALUE if there is
   * none.
   */
  long nanosToNext() {
    Iterator<Map.Entry<K, Long>> entries = lastActivity.entrySet().iterator();
    return entries.hasNext() ? Math.max(0, nanosLeft(entries.next())) : Long.MAX_VALUE;
  }

  /** Returns the number of keys. */
  int size() {
    return lastActivity.size();
  }

  private long nanosLeft(Map.Entry<K, Long> entry) {
    return timeoutNanos - (nanoClock.getAsLong() - entry.getValue());
  }
}
