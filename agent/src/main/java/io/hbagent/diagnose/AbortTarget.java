package io.hbagent.diagnose;

import io.hbagent.keepalive.AddressPattern;
import io.hbagent.keepalive.OpenSocket;

/**
 * One target of an abort: a pattern of remote ends, a descriptor number, or a number and the inode
 * of its socket, as in {@code 12@3456}, which names one connection for good. Immutable.
 */
public final class AbortTarget {

  private final String text;

  /** Null if it is a descriptor. */
  private final AddressPattern remote;

  /** The number of a descriptor; -1 if it is a pattern. */
  final int number;

  /** The inode of the socket; -1 for any. */
  private final long inode;

  private AbortTarget(String text, AddressPattern remote, int number, long inode) {
    this.text = text;
    this.remote = remote;
    this.number = number;
    this.inode = inode;
  }

  /**
   * Reads a target.
   *
   * @throws IllegalArgumentException with a sentence that says what is wrong and what is allowed
   */
  public static AbortTarget parse(String text) {
    if (text.matches("\\d{1,9}")) {
      return new AbortTarget(text, null, Integer.parseInt(text), -1);
    }
    if (text.matches("\\d{1,9}@\\d{1,18}")) {
      int at = text.indexOf('@');
      return new AbortTarget(
          text,
          null,
          Integer.parseInt(text.substring(0, at)),
          Long.parseLong(text.substring(at + 1)));
    }
    try {
      return new AbortTarget(text, AddressPattern.parse(text), -1, -1);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          text
              + " names no connection ("
              + e.getMessage()
              + "); allowed is a remote end, as 10.0.0.7:5432, :5432, 10.20.0.0/16 or"
              + " [2001:db8::1]:5432, or the number of a descriptor, as abort --dry-run shows it",
          e);
    }
  }

  /** Returns the target that is one connection and never another one. */
  public static String exact(long number, long inode) {
    return number + "@" + inode;
  }

  /** Returns whether it names one connection for good, which may have ended. */
  boolean isExact() {
    return inode >= 0;
  }

  /** Returns whether it names a connection whose ends were read. */
  boolean matches(OpenSocket socket) {
    return remote == null
        ? socket.number == number && (inode < 0 || socket.inode == inode)
        : remote.matches(socket.remote.getAddress().getAddress(), socket.remote.getPort());
  }

  @Override
  public String toString() {
    return text;
  }
}
