package io.hbagent.tcp;

import java.io.FileDescriptor;
import java.util.HashSet;
import java.util.Set;

/**
 * The descriptors this process has open, whichever library opened them.
 *
 * <p>Linux: the links in {@code /proc/self/fd} that read {@code socket:[inode]} (proc(5)). An inode
 * costs a readlink, so it is for the agent's threads, not for the application's.
 *
 * <p>A number can be closed and used again between listing and use. That is harmless by
 * construction: with a number, keepalive options are read and set, and nothing else is done. A
 * file, pipe or Unix-domain socket refuses them; another TCP socket of this process gets the
 * options of a connection that has just gone, until its own connect or accept, or the next pass,
 * sets the right ones.
 */
public final class OpenSockets {

  private static final int STANDARD_ERROR = 2;

  private OpenSockets() {}

  /** Returns whether they can be listed on this operating system. */
  public static boolean canList() {
    return Kernel.calls.descriptors() != null;
  }

  /**
   * Returns whether the process has a TCP connection, from files alone: initialises none of the
   * JDK's network classes, which read system properties that the application may still set.
   */
  public static boolean hasConnection() {
    Set<Long> inodes = new HashSet<>();
    ProcNetTcp.forEach(
        row -> {
          if (row.state() != TcpInfo.LISTEN) {
            inodes.add(row.inode());
          }
        });
    String[] numbers = inodes.isEmpty() ? null : Kernel.calls.descriptors();
    for (int i = 0; numbers != null && i < numbers.length; i++) {
      if (inodes.contains(inode(Integer.parseInt(numbers[i])))) {
        return true;
      }
    }
    return false;
  }

  /** Takes one open descriptor of the process, a socket or not. */
  public interface Visitor {
    /**
     * Called once for each.
     *
     * @param fd the same object each time, which has the number during this call only
     */
    void visit(int number, FileDescriptor fd);
  }

  /**
   * Visits every open descriptor; of a standard stream that is a socket the last duplicate alone.
   * {@code System.inheritedChannel()} makes one, and leaves the streams open.
   */
  public static void forEach(Visitor visitor) {
    String[] numbers = Kernel.calls.descriptors();
    FileDescriptor fd = Kernel.wrap(-1);
    for (int i = 0; numbers != null && i < numbers.length; i++) {
      int number = Integer.parseInt(numbers[i]);
      Kernel.retarget(fd, number);
      if (number > STANDARD_ERROR || !Kernel.isTcp(fd) || !hasDuplicate(number, numbers)) {
        visitor.visit(number, fd);
      }
    }
  }

  private static boolean hasDuplicate(int number, String[] numbers) {
    long inode = inode(number);
    for (int i = 0; inode >= 0 && i < numbers.length; i++) {
      int other = Integer.parseInt(numbers[i]);
      if (other > number && inode(other) == inode) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the inode of the socket that is the standard input, or -1: a connection that inetd or
   * systemd has accepted for this process.
   */
  public static long inherited() {
    return inode(0);
  }

  /**
   * Returns the inode of a descriptor that is a socket, else -1. It distinguishes a socket from a
   * later one with the same number: the kernel does not use an inode again soon.
   */
  public static long inode(int number) {
    return Kernel.calls.inode(number);
  }
}
