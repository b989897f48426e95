package io.hbagent.tcp;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.HashMap;
import java.util.Map;

/**
 * The remote ends of open sockets. One thread; on JDK 8 and 11 preferably not the application's.
 *
 * <p>{@code Net.remoteAddress} is there on every JDK, but on 8 and 11 the native behind it is
 * missing from the library. Then {@code /proc/self/net/tcp} and {@code tcp6} are read, once, and a
 * socket is found in them by its inode (proc(5), {@code net/ipv4/tcp_ipv4.c}).
 */
public final class RemoteAddresses {

  // Columns of a line, counted from 0.
  private static final int REMOTE = 2;
  private static final int INODE = 9;

  /** By inode; null as long as the JDK returns them. */
  private Map<Long, InetSocketAddress> table;

  /** Creates an empty cache of the tables in /proc. */
  public RemoteAddresses() {}

  /**
   * Returns the remote end of a connected socket.
   *
   * @throws IOException if it is not connected, or no longer
   */
  public InetSocketAddress of(FileDescriptor fd) throws IOException {
    if (table == null) {
      try {
        return Kernel.remote(fd);
      } catch (UnsatisfiedLinkError e) {
        table = new HashMap<>();
        read("/proc/self/net/tcp");
        read("/proc/self/net/tcp6");
      }
    }
    InetSocketAddress found = table.get(OpenSockets.inode(Kernel.number(fd)));
    if (found == null) {
      throw new SocketException("not connected: descriptor " + Kernel.number(fd));
    }
    return found;
  }

  /**
   * Returns whether the addresses come from /proc, as it was when the first was asked for: what was
   * connected since is missing.
   */
  public boolean isSnapshot() {
    return table != null;
  }

  private void read(String file) throws IOException {
    Path path = Paths.get(file);
    if (!Files.exists(path)) {
      return; // IPv6 can be switched off
    }
    try (BufferedReader in = Files.newBufferedReader(path, StandardCharsets.US_ASCII)) {
      in.readLine(); // the heading
      String line;
      while ((line = in.readLine()) != null) {
        String[] columns = line.trim().split(" +", -1);
        if (columns.length > INODE) {
          table.put(Long.valueOf(columns[INODE]), address(columns[REMOTE]));
        }
      }
    }
  }

  /** Reads {@code 0100007F:1F90}: words of 32 bits in the machine's byte order, then the port. */
  static InetSocketAddress address(String text) throws IOException {
    int colon = text.indexOf(':');
    byte[] bytes = new byte[colon / 2];
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    for (int i = 0; i < bytes.length; i++) {
      int from = little ? i / 4 * 4 + 3 - i % 4 : i;
      bytes[i] = (byte) Integer.parseInt(text.substring(from * 2, from * 2 + 2), 16);
    }
    int port = Integer.parseInt(text.substring(colon + 1), 16);
    return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
  }
}
