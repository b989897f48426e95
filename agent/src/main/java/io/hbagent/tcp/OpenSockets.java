package io.hbagent.tcp;

import java.io.File;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

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

  private static final File DESCRIPTORS = new File("/proc/self/fd");
  private static final String SOCKET = "socket:[";

  private OpenSockets() {}

  /** Whether they can be listed on this operating system. */
  public static boolean canList() {
    return DESCRIPTORS.isDirectory();
  }

  /** All TCP sockets, listeners and unconnected ones included. */
  public static List<OpenSocket> list() {
    List<OpenSocket> sockets = new ArrayList<>();
    String[] numbers = DESCRIPTORS.list();
    if (numbers == null) {
      return sockets;
    }
    for (String text : numbers) {
      long inode = inode(text);
      if (inode >= 0) {
        int number = Integer.parseInt(text);
        FileDescriptor fd = Kernel.wrap(number);
        if (Kernel.isTcp(fd)) {
          sockets.add(new OpenSocket(number, inode, fd));
        }
      }
    }
    return sockets;
  }

  /** Takes one socket of the process, TCP or not. */
  public interface Visitor {
    /** The descriptor is the same object each time, and points at the number only now. */
    void visit(int number, long inode, FileDescriptor fd);
  }

  /** Visits every socket whose number is not known; costs no more than a number for the others. */
  public static void forEachUnknown(IntPredicate known, Visitor visitor) {
    String[] numbers = DESCRIPTORS.list();
    FileDescriptor fd = Kernel.wrap(-1);
    for (int i = 0; numbers != null && i < numbers.length; i++) {
      int number = Integer.parseInt(numbers[i]);
      long inode = known.test(number) ? -1 : inode(numbers[i]);
      if (inode >= 0) {
        Kernel.point(fd, number);
        visitor.visit(number, inode, fd);
      }
    }
  }

  /** The inode of a descriptor that is a socket, else -1. */
  private static long inode(String number) {
    try {
      String to = Files.readSymbolicLink(new File(DESCRIPTORS, number).toPath()).toString();
      return to.startsWith(SOCKET)
          ? Long.parseLong(to.substring(SOCKET.length(), to.length() - 1))
          : -1;
    } catch (IOException | RuntimeException e) {
      return -1; // closed since the folder was read
    }
  }
}
