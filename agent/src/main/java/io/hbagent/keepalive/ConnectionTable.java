package io.hbagent.keepalive;

import java.util.Arrays;

/**
 * Role, rule, time and opener of each connection, by descriptor number.
 *
 * <p>Thirteen bytes a descriptor, nothing allocated per connection: the opener is the string that
 * is the thread's name, because a reference to the thread would keep a thread that has ended. Every
 * connect and accept overwrites the entry of its number; a count in the entry distinguishes a
 * connection from an earlier one with the same number.
 *
 * <p>Written by the application's threads without a lock: two connections never share a number at
 * one time, and a page stays where it is once it was published.
 */
public final class ConnectionTable {

  /** The {@link #entry} of a number that was never seen to connect or be accepted. */
  public static final int UNKNOWN = 0;

  /** The {@link #openedAt} of a connection that was not seen to be opened. */
  public static final int UNSEEN = Integer.MIN_VALUE;

  /** The number of descriptors in a page. */
  private static final int PAGE = 256;

  private static final int PAGE_BITS = 8;

  // An entry: role 1 bit, decision + 2 in 15 bits (so it is never UNKNOWN), count in 16 bits.
  private static final int SERVER_BIT = 1;
  private static final int DECISION_MASK = 0x7FFF;
  private static final int COUNT_MASK = ~0xFFFF;
  private static final int ONE = 1 << 16;

  private static final class Page {
    final int[] entries = new int[PAGE];
    final int[] openedAt = new int[PAGE];
    final Object[] openedBy = new Object[PAGE];
    final boolean[] closed = new boolean[PAGE];
  }

  private volatile Page[] pages = new Page[4];
  private volatile boolean origin;

  ConnectionTable() {}

  /** Records a connection that passes a hook, on the thread that opens it. */
  void put(int number, Role role, int decision) {
    if (number >= 0) {
      Object opener = origin ? OpenSite.here() : Thread.currentThread().getName();
      put(number, role, decision, (int) (System.nanoTime() / 1_000_000_000L), opener);
    }
  }

  /** Records a connection that has passed no hook, such as a native library's. */
  public void found(int number, Role role, int decision) {
    put(number, role, decision, UNSEEN, null);
  }

  private void put(int number, Role role, int decision, int openedAt, Object openedBy) {
    Page page = page(number);
    if (page == null) {
      page = grow(number);
    }
    int at = number & PAGE - 1;
    page.openedAt[at] = openedAt;
    page.openedBy[at] = openedBy;
    page.closed[at] = false;
    page.entries[at] = ((page.entries[at] & COUNT_MASK) + ONE) | entry(role, decision);
  }

  private static int entry(Role role, int decision) {
    return (decision + 2 & DECISION_MASK) << 1 | (role == Role.SERVER ? SERVER_BIT : 0);
  }

  /**
   * Records a new decision for a connection; one without a valid entry was not seen to be opened.
   */
  void redecide(int number, Role role, int decision) {
    if (entry(number) == UNKNOWN || isClosed(number)) {
      found(number, role, decision);
    } else {
      int[] entries = page(number).entries;
      int at = number & PAGE - 1;
      entries[at] = (entries[at] & COUNT_MASK) | entry(role, decision);
    }
  }

  /**
   * Returns whether the connection of this number has passed a hook, as far as closes were seen.
   */
  public boolean isHooked(int number) {
    return entry(number) != UNKNOWN && !isClosed(number) && openedAt(number) != UNSEEN;
  }

  /** Sets whether the place in the code that opens a connection is recorded with the thread. */
  public void noteOrigin(boolean wanted) {
    if (wanted) {
      OpenSite.here(); // initialised on this thread, not on an application's without memory
    }
    origin = wanted;
  }

  /**
   * Marks a connection as closed: the next one with its number is another, even if it passes no
   * hook. Its entry stays, for what is still to be reported of it.
   */
  public void closed(int number) {
    Page page = page(number);
    if (page != null) {
      page.closed[number & PAGE - 1] = true;
    }
  }

  /** Returns whether the connection of this entry was closed, or its number used by another. */
  public boolean isClosed(int number) {
    Page page = page(number);
    return page != null && page.closed[number & PAGE - 1];
  }

  /** Returns whether no connection was ever seen. */
  public boolean isEmpty() {
    for (Page page : pages) {
      if (page != null) {
        return false;
      }
    }
    return true;
  }

  /** Returns the end of the range of numbers that can have an entry. */
  public int end() {
    return pages.length << PAGE_BITS;
  }

  /** Returns the entry, another one for each connection of the number; or {@link #UNKNOWN}. */
  public int entry(int number) {
    Page page = page(number);
    return page == null ? UNKNOWN : page.entries[number & PAGE - 1];
  }

  /** Returns whether two entries of one number are of the same connection. */
  public static boolean isSame(int entry, int other) {
    return entry >>> 16 == other >>> 16 && (entry == UNKNOWN) == (other == UNKNOWN);
  }

  /** Returns the role, or null if this number was never seen to connect or be accepted. */
  public Role role(int number) {
    int entry = entry(number);
    return entry == UNKNOWN ? null : (entry & SERVER_BIT) != 0 ? Role.SERVER : Role.CLIENT;
  }

  /** Returns the decision, or {@link Rules#NO_RULE}. */
  public int decision(int number) {
    return decisionOf(entry(number));
  }

  /** Returns the decision in an {@link #entry}, or {@link Rules#NO_RULE}. */
  public static int decisionOf(int entry) {
    return entry == UNKNOWN ? Rules.NO_RULE : (entry >> 1 & DECISION_MASK) - 2;
  }

  /** Returns {@link System#nanoTime} in seconds when it was opened; only with an entry. */
  public int openedAt(int number) {
    Page page = page(number);
    return page == null ? UNSEEN : page.openedAt[number & PAGE - 1];
  }

  /** Returns the name of the thread that opened it, or an {@link OpenSite}; null if not seen. */
  public Object openedBy(int number) {
    Page page = page(number);
    return page == null ? null : page.openedBy[number & PAGE - 1];
  }

  private Page page(int number) {
    Page[] all = pages;
    int index = number >> PAGE_BITS;
    return index >= 0 && index < all.length ? all[index] : null;
  }

  private synchronized Page grow(int number) {
    Page[] all = pages;
    int index = number >> PAGE_BITS;
    if (index >= all.length) {
      all = Arrays.copyOf(all, Math.max(index + 1, all.length * 2));
    }
    if (all[index] == null) {
      all[index] = new Page();
    }
    pages = all;
    return all[index];
  }
}
