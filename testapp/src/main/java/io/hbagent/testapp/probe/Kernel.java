package io.hbagent.testapp.probe;

import java.io.File;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.channels.Channel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Socket options by file descriptor, through the natives the JDK has for itself: the same on every
 * JDK from 8 to 28, and independent of the object under test. The descriptor is found by the
 * connection's ports in the kernel's own tables: Net.remoteAddress, the other way, ends in an
 * UnsatisfiedLinkError on JDK 8 and 11.
 */
public final class Kernel {
  private static final int SOL_SOCKET = 1;
  private static final int SO_KEEPALIVE = 9;
  private static final int IPPROTO_TCP = 6;

  /** Columns of /proc/self/net/tcp and udp, and the state of a listener. */
  private static final int LOCAL = 1;

  private static final int REMOTE = 2;
  private static final int STATE = 3;
  private static final int INODE = 9;
  private static final String LISTENING = "0A";
  private static final List<String> NO_ROWS = Collections.emptyList();

  private static final String[] NAMES = {"keepalive", "idle", "intvl", "cnt", "user-timeout"};
  private static final int[] OPTIONS = {SO_KEEPALIVE, 4, 5, 6, 18};

  private static final Method GET =
      method(
          "sun.nio.ch.Net",
          "getIntOption0",
          FileDescriptor.class,
          boolean.class,
          int.class,
          int.class);
  private static final Method SET =
      method(
          "sun.nio.ch.Net",
          "setIntOption0",
          FileDescriptor.class,
          boolean.class,
          int.class,
          int.class,
          int.class,
          boolean.class);
  private static final Method NEW_FD = method("sun.nio.ch.IOUtil", "newFD", int.class);
  private static final Method CHANNEL_FD = method("sun.nio.ch.SelChImpl", "getFD");

  private Kernel() {}

  /** Returns the end of a TCP connection that has these ports; 0 means any local port. */
  static FileDescriptor tcp(int localPort, int remotePort) throws IOException {
    return find("tcp", localPort, remotePort).get(0);
  }

  /** Returns the UDP socket bound to this port. */
  static FileDescriptor udp(int localPort) throws IOException {
    return find("udp", localPort, 0).get(0);
  }

  /**
   * Returns the options of each TCP connection of this process that has these ports; 0 means any.
   *
   * @return one line a connection, at least one
   * @throws IOException if there is no such connection
   */
  public static List<String> tcpOptions(int localPort, int remotePort) throws IOException {
    List<String> lines = new ArrayList<>();
    for (FileDescriptor fd : find("tcp", localPort, remotePort)) {
      lines.add(options(fd));
    }
    return lines;
  }

  static FileDescriptor of(Channel channel) throws IOException {
    return (FileDescriptor) call(CHANNEL_FD, channel);
  }

  /**
   * Returns the five options, with {@code -} for each that the kernel does not have on this kind of
   * socket.
   */
  static String options(FileDescriptor fd) throws IOException {
    if (fd == null) {
      throw new IOException("no file descriptor"); // the native method would crash the JVM
    }
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < NAMES.length; i++) {
      line.append(i == 0 ? "" : " ").append(NAMES[i]).append('=');
      try {
        line.append(get(fd, i == 0 ? SOL_SOCKET : IPPROTO_TCP, OPTIONS[i]));
      } catch (IOException e) {
        line.append('-');
      }
    }
    return line.toString();
  }

  /** Sets an option as native code does: {@code idle=77}, by the names that are reported. */
  static void set(FileDescriptor fd, String setting) throws IOException {
    int equals = setting.indexOf('=');
    int value = Integer.parseInt(setting.substring(equals + 1));
    int i = Arrays.asList(NAMES).indexOf(setting.substring(0, equals));
    call(SET, null, fd, false, i == 0 ? SOL_SOCKET : IPPROTO_TCP, OPTIONS[i], value, false);
  }

  private static List<FileDescriptor> find(String table, int localPort, int remotePort)
      throws IOException {
    List<FileDescriptor> found = new ArrayList<>();
    // The kernel writes its tables in pieces: a row can be missed while others come and go.
    for (int attempt = 0; attempt < 5; attempt++) {
      for (String version : new String[] {"", "6"}) {
        Path rows = Paths.get("/proc/self/net/" + table + version);
        for (String row : Files.exists(rows) ? Files.readAllLines(rows) : NO_ROWS) {
          String[] columns = row.trim().split("\\s+");
          if (has(columns, localPort, remotePort)) {
            FileDescriptor fd = byLink("socket:[" + columns[INODE] + "]");
            if (fd != null) {
              found.add(fd);
            }
          }
        }
      }
      if (!found.isEmpty()) {
        return found;
      }
    }
    throw new IOException("no socket with ports " + localPort + " and " + remotePort);
  }

  private static boolean has(String[] columns, int localPort, int remotePort) {
    return columns.length > INODE
        && !columns[STATE].equals("st")
        && !columns[STATE].equals(LISTENING)
        && (localPort == 0 || port(columns[LOCAL]) == localPort)
        && (remotePort == 0 || port(columns[REMOTE]) == remotePort);
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
  }

  private static FileDescriptor byLink(String target) throws IOException {
    String[] numbers = new File("/proc/self/fd").list();
    for (String number : numbers == null ? new String[0] : numbers) {
      try {
        if (Files.readSymbolicLink(Paths.get("/proc/self/fd", number)).toString().equals(target)) {
          return (FileDescriptor) call(NEW_FD, null, Integer.parseInt(number));
        }
      } catch (NoSuchFileException e) {
        // Closed since it was listed.
      }
    }
    return null;
  }

  private static int get(FileDescriptor fd, int level, int option) throws IOException {
    return (Integer) call(GET, null, fd, false, level, option);
  }

  private static Object call(Method method, Object target, Object... arguments) throws IOException {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw new IOException(e.getCause());
    } catch (IllegalAccessException e) {
      throw new LinkageError(method.toString(), e);
    }
  }

  private static Method method(String type, String name, Class<?>... parameters) {
    try {
      Method method = Class.forName(type).getDeclaredMethod(name, parameters);
      method.setAccessible(true);
      return method;
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(type + "." + name, e);
    }
  }
}
