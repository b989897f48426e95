package io.hbagent.tcp;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;

/**
 * The remote ends of open sockets, for one look at all of them. One thread; on JDK 8 and 11 better
 * not the application's.
 *
 * <p>{@code Net.remoteAddress} is there on every JDK, but on 8 and 11 the native behind it is
 * missing from the library. Then {@code /proc/self/net/tcp} and {@code tcp6} are read, once, and a
 * socket is found in them by its inode (proc(5), {@code net/ipv4/tcp_ipv4.c}).
 */
public final class RemoteAddresses {

  // Columns of a line, counted from 0.
  private static final int REMOTE = 2;
  private static final int INODE = 9;

  private Map<String, InetSocketAddress> byInode;

  /** A fresh look; what it has read from /proc it keeps. */
  public RemoteAddresses() {}

  /**
   * The remote end of a connected socket.
   *
   * @throws IOException when it is not connected, or not any more
   */
  public InetSocketAddress of(FileDescriptor fd) throws IOException {
    if (byInode == null) {
      try {
        return Kernel.remote(fd);
      } catch (UnsatisfiedLinkError e) {
        byInode = new HashMap<>();
        read("/proc/self/net/tcp");
        read("/proc/self/net/tcp6");
      }
    }
    String link =
        Files.readSymbolicLink(new File("/proc/self/fd/" + Kernel.number(fd)).toPath()).toString();
    InetSocketAddress found = byInode.get(link.substring(link.indexOf('[') + 1, link.length() - 1));
    if (found == null) {
      throw new SocketException("not connected: " + link);
    }
    return found;
  }

  /**
   * Returns whether the addresses come from /proc, as it was when the first was asked for: what was
   * connected since is missing.
   */
  public boolean isSnapshot() {
    return byInode != null;
  }

  private void read(String file) throws IOException {
    if (!new File(file).exists()) {
      return; // IPv6 can be switched off
    }
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(new FileInputStream(file), StandardCharsets.US_ASCII))) {
      in.readLine(); // the heading
      String line;
      while ((line = in.readLine()) != null) {
        List<Object> columns = Collections.list(new StringTokenizer(line));
        if (columns.size() > INODE) {
          byInode.put((String) columns.get(INODE), address((String) columns.get(REMOTE)));
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
