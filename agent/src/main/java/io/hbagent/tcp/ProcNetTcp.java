package io.hbagent.tcp;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A row of {@code /proc/self/net/tcp} or {@code tcp6}: one socket of the network namespace
 * (proc(5), {@code net/ipv4/tcp_ipv4.c}, get_tcp4_sock). One object for all rows: only its line is
 * allocated.
 */
final class ProcNetTcp {

  // Columns, counted from 0.
  static final int LOCAL = 1;
  static final int REMOTE = 2;
  private static final int STATE = 3;
  private static final int QUEUES = 4;
  private static final int TIMER = 5;
  private static final int INODE = 9;

  /** Takes one row after the other. */
  interface Visitor {
    void visit(ProcNetTcp row) throws IOException;
  }

  private final int[] columns = new int[INODE + 1];
  private String line;

  private ProcNetTcp() {}

  /** Visits the rows of both files. One that cannot be read has none: IPv6 can be switched off. */
  static void forEach(Visitor visitor) {
    for (String file : new String[] {"/proc/self/net/tcp", "/proc/self/net/tcp6"}) {
      try (BufferedReader in =
          new BufferedReader(
              new InputStreamReader(new FileInputStream(file), StandardCharsets.US_ASCII))) {
        forEach(in, visitor);
      } catch (IOException e) {
        // no /proc, or no IPv6
      }
    }
  }

  /** Visits the rows of a file. */
  static void forEach(BufferedReader file, Visitor visitor) throws IOException {
    ProcNetTcp row = new ProcNetTcp();
    file.readLine(); // the heading
    while ((row.line = file.readLine()) != null) {
      if (row.hasAllColumns()) {
        visitor.visit(row);
      }
    }
  }

  private boolean hasAllColumns() {
    int column = 0;
    for (int i = 0; i < line.length() && column < columns.length; i++) {
      if (line.charAt(i) != ' ' && (i == 0 || line.charAt(i - 1) == ' ')) {
        columns[column++] = i;
      }
    }
    return column == columns.length;
  }

  /** Returns the state, a constant of {@link TcpInfo}. */
  int state() {
    return hex(columns[STATE]);
  }

  /** Returns the bytes of the send queue: not sent, or not acknowledged. */
  long sendQueue() {
    return hex(columns[QUEUES]) & 0xFFFFFFFFL;
  }

  /** Returns the bytes of the receive queue, which the application has not read. */
  long receiveQueue() {
    return hex(colon(QUEUES) + 1) & 0xFFFFFFFFL;
  }

  /** Returns the timer that runs, a constant of {@link Timers}; 0 for none. */
  int timer() {
    return hex(columns[TIMER]);
  }

  /** Returns the inode, as in the links of {@code /proc/self/fd}. */
  long inode() {
    int end = line.indexOf(' ', columns[INODE]);
    return Long.parseLong(line.substring(columns[INODE], end < 0 ? line.length() : end));
  }

  /** Returns the port of one end. */
  int port(int end) {
    return hex(colon(end) + 1);
  }

  /** Returns the last four bytes of the address of one end. */
  int lastWord(int end) {
    return word(colon(end) - 8);
  }

  /** Returns one end. Initialises the JDK's network. */
  InetSocketAddress address(int end) throws UnknownHostException {
    int colon = colon(end);
    ByteBuffer bytes = ByteBuffer.allocate((colon - columns[end]) / 2);
    for (int at = columns[end]; at < colon; at += 8) {
      bytes.putInt(word(at));
    }
    return new InetSocketAddress(InetAddress.getByAddress(bytes.array()), port(end));
  }

  private int colon(int column) {
    return line.indexOf(':', columns[column]);
  }

  /** Returns four bytes of an address, which the kernel prints as a word of its memory. */
  private int word(int from) {
    int word = hex(from);
    return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? word : Integer.reverseBytes(word);
  }

  /** Returns the number of up to eight hexadecimal digits. */
  private int hex(int from) {
    int value = 0;
    for (int i = from; i < Math.min(from + 8, line.length()); i++) {
      int digit = Character.digit(line.charAt(i), 16);
      if (digit < 0) {
        break;
      }
      value = value << 4 | digit;
    }
    return value;
  }
}
