package io.hbagent.tcp;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringTokenizer;

/**
 * The TCP sockets this process has open, whichever library opened them.
 *
 * <p>Linux: the links in {@code /proc/self/fd} that read {@code socket:[inode]} (proc(5)). Costs a
 * readlink per descriptor, so it is for the agent's thread, not for the application's.
 *
 * <p>A number can be closed and used again between the look and the use. That is harmless by
 * construction: all that is ever done with a number is asking, and setting keepalive options. A
 * file, pipe or Unix-domain socket refuses them; another TCP socket of this process gets the
 * options of a connection that has just gone, until its own connect or accept, or the next look,
 * sets the right ones. Nothing is ever read from, written to, or closed by number.
 */
public final class OpenSockets {

  private static final int STANDARD_ERROR = 2;

  // Columns of /proc/net/tcp, counted from 0, and the state of a listener there.
  private static final int STATE = 3;
  private static final int INODE = 9;
  private static final String LISTEN = "0A";

  private OpenSockets() {}

  /** Returns whether they can be listed on this operating system. */
  public static boolean canList() {
    return Kernel.calls.descriptors() != null;
  }

  /** Returns all TCP sockets, listeners and unconnected ones included. */
  public static List<OpenSocket> list() {
    List<OpenSocket> sockets = new ArrayList<>();
    forEach(
        (number, fd) -> {
          long inode = inode(number);
          if (inode >= 0 && Kernel.isTcp(fd)) {
            sockets.add(new OpenSocket(number, inode, Kernel.wrap(number)));
          }
        });
    return sockets;
  }

  /**
   * Returns whether the process has a TCP connection, from files alone: initialises none of the
   * JDK's network classes, which read system properties that the application may still set.
   */
  public static boolean hasConnection() {
    Set<Long> inodes = new HashSet<>();
    addConnections("/proc/self/net/tcp", inodes);
    addConnections("/proc/self/net/tcp6", inodes);
    String[] numbers = inodes.isEmpty() ? null : Kernel.calls.descriptors();
    for (int i = 0; numbers != null && i < numbers.length; i++) {
      if (inodes.contains(inode(Integer.parseInt(numbers[i])))) {
        return true;
      }
    }
    return false;
  }

  /** Adds the inodes of the network namespace's connections; proc(5) has the columns. */
  private static void addConnections(String file, Set<Long> inodes) {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(new FileInputStream(file), StandardCharsets.US_ASCII))) {
      in.readLine(); // the heading
      String line;
      while ((line = in.readLine()) != null) {
        StringTokenizer columns = new StringTokenizer(line);
        String state = "";
        for (int i = 0; i < INODE; i++) {
          String column = columns.nextToken();
          state = i == STATE ? column : state;
        }
        if (!state.equals(LISTEN)) {
          inodes.add(Long.parseLong(columns.nextToken()));
        }
      }
    } catch (IOException | RuntimeException e) {
      // IPv6 can be switched off
    }
  }

  /** Takes one open descriptor of the process, a socket or not. */
  public interface Visitor {
    /**
     * Called once for each.
     *
     * @param fd the same object each time, which points at the number during this call only
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
      Kernel.point(fd, number);
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

  /** Returns the inode of a descriptor that is a socket, else -1. */
  public static long inode(int number) {
    return Kernel.calls.inode(number);
  }
}
