package io.hbagent.keepalive;

import java.util.Arrays;

/**
 * By descriptor number: the role of the connection, the rule that was decided for it, when it was
 * opened and by which thread.
 *
 * <p>Thirteen bytes a descriptor, nothing allocated per connection: the thread's name is kept as
 * the string it has already, because a reference to the thread would keep a thread that has ended.
 * Every connect and accept writes its entry anew, so an entry is right for as long as its number is
 * connected; what is left behind by a closed one is told from its successor by a count that runs in
 * the entry.
 *
 * <p>Written by the application's threads without a lock: two connections never share a number at
 * one time, and a page stays where it is once it was published.
 */
public final class ConnectionTable {

  /** What {@link #entry} returns for a number that was never seen to connect or be accepted. */
  public static final int UNKNOWN = 0;

  /** What {@link #openedAt} returns for a connection nobody saw being opened. */
  public static final int UNSEEN = Integer.MIN_VALUE;

  /** Numbers are kept in pages of so many. */
  public static final int PAGE = 256;

  private static final int PAGE_BITS = 8;

  // An entry: role 1 bit, decision + 2 in 15 bits (so it is never UNKNOWN), count in 16 bits.
  private static final int SERVER_BIT = 1;
  private static final int DECISION_MASK = 0x7FFF;
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

  void put(int number, Role role, int decision) {
    if (number < 0) {
      return;
    }
    Page page = page(number);
    if (page == null) {
      page = grow(number);
    }
    int at = number & PAGE - 1;
    page.openedAt[at] = (int) (System.nanoTime() / 1_000_000_000L);
    page.openedBy[at] = origin ? OpenSite.here() : Thread.currentThread().getName();
    page.closed[at] = false;
    int count = (page.entries[at] & ~0xFFFF) + ONE;
    page.entries[at] = count | entry(role, decision);
  }

  private static int entry(Role role, int decision) {
    return (decision + 2 & DECISION_MASK) << 1 | (role == Role.SERVER ? SERVER_BIT : 0);
  }

  /** The same connection is decided anew, or was found open: nobody saw who opened it, and when. */
  void redecide(int number, Role role, int decision) {
    Page page = page(number);
    if (page == null) {
      page = grow(number);
    }
    int at = number & PAGE - 1;
    if (page.entries[at] == UNKNOWN) {
      page.openedAt[at] = UNSEEN;
    }
    page.entries[at] = (page.entries[at] & ~0xFFFF) | entry(role, decision);
  }

  /** A connection that no hook has seen lies behind this number: of a native library, say. */
  public void found(int number, Role role, int decision) {
    Page page = page(number);
    if (page == null) {
      page = grow(number);
    }
    int at = number & PAGE - 1;
    page.openedAt[at] = UNSEEN;
    page.openedBy[at] = null;
    page.closed[at] = false;
    page.entries[at] = (page.entries[at] & ~0xFFFF) + ONE | entry(role, decision);
  }

  /** From now on the place in the code that opens a connection is noted beside the thread. */
  public void noteOrigin(boolean wanted) {
    if (wanted) {
      OpenSite.here(); // initialised on this thread, not on an application's without memory
    }
    origin = wanted;
  }

  /**
   * A connection was closed: whatever has its number next, and passes no hook, is another. Its
   * entry stays, for what is still to be said of it.
   */
  public void closed(int number) {
    Page page = number < 0 ? null : page(number);
    if (page != null) {
      page.closed[number & PAGE - 1] = true;
    }
  }

  /** Whether the connection of this entry was seen to be closed, or another to take its number. */
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

  /** Above the greatest number that can have an entry. */
  public int end() {
    return pages.length << PAGE_BITS;
  }

  /** The entry as a whole, which changes when the number is connected anew; or {@link #UNKNOWN}. */
  public int entry(int number) {
    Page page = number < 0 ? null : page(number);
    return page == null ? UNKNOWN : page.entries[number & PAGE - 1];
  }

  /** Whether two entries of one number are of the same connection. */
  public static boolean isSame(int entry, int other) {
    return entry >>> 16 == other >>> 16 && (entry == UNKNOWN) == (other == UNKNOWN);
  }

  /** The role, or null when this number was never seen to connect or be accepted. */
  public Role role(int number) {
    int entry = entry(number);
    return entry == UNKNOWN ? null : (entry & SERVER_BIT) != 0 ? Role.SERVER : Role.CLIENT;
  }

  /** The decision, or {@link Rules#NO_RULE}. */
  public int decision(int number) {
    return decisionOf(entry(number));
  }

  /** The decision in an {@link #entry}, or {@link Rules#NO_RULE}. */
  public static int decisionOf(int entry) {
    return entry == UNKNOWN ? Rules.NO_RULE : (entry >> 1 & DECISION_MASK) - 2;
  }

  /** {@link System#nanoTime} in seconds when it was opened; only with an entry. */
  public int openedAt(int number) {
    Page page = page(number);
    return page == null ? UNSEEN : page.openedAt[number & PAGE - 1];
  }

  /** A String, the thread that opened it, or an {@link OpenSite}; null when it was not seen. */
  public Object openedBy(int number) {
    Page page = page(number);
    return page == null ? null : page.openedBy[number & PAGE - 1];
  }

  private Page page(int number) {
    Page[] all = pages;
    int index = number >> PAGE_BITS;
    return index < all.length ? all[index] : null;
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
