package io.hbagent.watch;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * What the watchdog remembers of each descriptor number: {@value #SIZE} ints a number in pages, no
 * object. Written by the watchdog's thread alone; {@link #flags} may be read by any.
 */
final class Slots {

  /** Which connection the rest is about: an entry of the connection table; 0: none. */
  static final int KEY = 0;

  /** The detector's flags, and the TCP state of the last look in the lowest four bits. */
  static final int FLAGS = 1;

  /** Counts of the detector: probes first seen, most probes, most retransmits, one byte each. */
  static final int COUNTS = 2;

  /** When the counters were first seen above zero, in ms. */
  static final int SINCE = 3;

  /** When they were last seen to have risen, or fallen to zero, in ms. */
  static final int CHANGED = 4;

  /** When the peer was first seen to have closed, in ms. */
  static final int PEER_CLOSED = 5;

  /** Local port in the upper half, remote port in the lower; 0 until it is known. */
  static final int PORTS = 6;

  /** Index of the local address among {@link LocalAddresses}. */
  static final int LOCAL = 7;

  /** The remote address, four ints; an IPv4 address mapped as in {@code ::ffff:192.0.2.1}. */
  static final int REMOTE = 8;

  /** Ints a number. */
  static final int SIZE = 12;

  private static final int PAGE = 256;
  private static final int PAGE_BITS = 8;

  private volatile int[][] pages = new int[4][];

  /** Above the greatest number that has a page. */
  int end() {
    return pages.length << PAGE_BITS;
  }

  /** The page of a number; null when nothing was ever noted in it. */
  int[] page(int number) {
    int[][] all = pages;
    int index = number >> PAGE_BITS;
    return index < all.length ? all[index] : null;
  }

  /** The page of a number, made if need be. */
  int[] pageOf(int number) {
    int[] page = page(number);
    if (page == null) {
      int index = number >> PAGE_BITS;
      int[][] all = pages;
      if (index >= all.length) {
        all = Arrays.copyOf(all, Math.max(index + 1, all.length * 2));
      }
      page = new int[PAGE * SIZE];
      all[index] = page;
      pages = all;
    }
    return page;
  }

  /** Where a number's ints begin in its page. */
  static int at(int number) {
    return (number & PAGE - 1) * SIZE;
  }

  /** The detector's flags of a number, as some thread last saw them. */
  int flags(int number) {
    int[] page = page(number);
    return page == null ? 0 : page[at(number) + FLAGS];
  }

  /** The key of a number; 0 for none. */
  int key(int number) {
    int[] page = page(number);
    return page == null ? 0 : page[at(number) + KEY];
  }

  /** Begins anew: the number belongs to another connection. */
  static void begin(int[] page, int at, int key) {
    Arrays.fill(page, at, at + SIZE, 0);
    page[at + KEY] = key;
  }

  static void remote(int[] page, int at, InetAddress address) {
    byte[] bytes = address.getAddress();
    int offset = 16 - bytes.length;
    if (offset == 12) {
      page[at + REMOTE + 2] = 0xFFFF;
    }
    for (int i = 0; i < bytes.length; i++) {
      int index = at + REMOTE + ((offset + i) >> 2);
      page[index] = (page[index] << 8) | (bytes[i] & 0xFF);
    }
  }

  /** The bytes of the remote address, 16 of them. */
  static byte[] remote(int[] page, int at) {
    byte[] bytes = new byte[16];
    for (int i = 0; i < 16; i++) {
      bytes[i] = (byte) (page[at + REMOTE + (i >> 2)] >> (8 * (3 - (i & 3))));
    }
    return bytes;
  }
}
