package io.hbagent.tcp;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;

/**
 * Sockets by file descriptor: options, state and addresses, as the kernel has them.
 *
 * <p>Any thread; nothing is allocated unless the kernel refuses. The first call initialises {@code
 * sun.nio.ch.Net}, but for the methods that link.
 */
public final class Kernel {

  /** SO_PROTOCOL's values for TCP and for Multipath TCP ({@code linux/in.h}). */
  private static final int IPPROTO_TCP = 6;

  private static final int IPPROTO_MPTCP = 262;

  /** POLLERR of poll(2): the same on every system that has TCP_INFO. */
  private static final int POLLERR = 8;

  private static final Options OPTIONS = Options.CURRENT;

  /** Replaced by tests alone. */
  static SocketCalls calls = new NativeCalls();

  private Kernel() {}

  /**
   * Links the setting of options without initialising the JDK's network.
   *
   * @throws ReflectiveOperationException if this JDK lacks what is known of the others
   */
  public static void linkSetting() throws ReflectiveOperationException {
    NativeCalls.linkSetting();
  }

  /** Links the reading of options, as {@link #linkSetting} does. */
  public static void linkReading() throws ReflectiveOperationException {
    NativeCalls.linkReading();
  }

  /**
   * Sets one of the {@link Options}. A user timeout is ignored where the system has none.
   *
   * @param value seconds, probes, or milliseconds of a user timeout; 0 or 1 for keepalive
   * @throws SocketException if the kernel refuses: not TCP, closed, or out of range
   */
  public static void set(FileDescriptor fd, int option, int value) throws IOException {
    check(fd);
    int number = OPTIONS.number(option);
    if (number != Options.NONE) {
      calls.set(fd, OPTIONS.level(option), number, value);
    }
  }

  /**
   * Returns the value of one of the {@link Options}, in the units of {@link #set}; 0 for a user
   * timeout where the system has none.
   */
  public static int get(FileDescriptor fd, int option) throws IOException {
    check(fd);
    int number = OPTIONS.number(option);
    if (number == Options.NONE) {
      return 0;
    }
    int value = calls.get(fd, OPTIONS.level(option), number);
    return option == Options.KEEPALIVE && value != 0 ? 1 : value;
  }

  /** Returns whether SO_KEEPALIVE is on. */
  public static boolean keepAlive(FileDescriptor fd) throws IOException {
    return get(fd, Options.KEEPALIVE) != 0;
  }

  /** Sets TCP_USER_TIMEOUT, in milliseconds; 0 removes it. */
  public static void userTimeout(FileDescriptor fd, int millis) throws IOException {
    set(fd, Options.USER_TIMEOUT, millis);
  }

  /** Returns TCP_USER_TIMEOUT, in milliseconds; 0 when there is none. */
  public static int userTimeout(FileDescriptor fd) throws IOException {
    return get(fd, Options.USER_TIMEOUT);
  }

  /** Returns the first four bytes of TCP_INFO, see {@link TcpInfo}. Linux only. */
  public static int info(FileDescriptor fd) throws IOException {
    check(fd);
    return calls.get(fd, Options.TCP_LEVEL, OPTIONS.info);
  }

  /**
   * Returns whether the socket has an error that was not reported to the application yet. It stays
   * there: reading SO_ERROR would clear it.
   */
  public static boolean hasError(FileDescriptor fd) throws IOException {
    check(fd);
    return (calls.poll(fd) & POLLERR) != 0;
  }

  /** Returns whether this is a TCP socket; false also when it is closed. */
  public static boolean isTcp(FileDescriptor fd) {
    try {
      check(fd);
      if (OPTIONS.protocol == Options.NONE) {
        get(fd, Options.IDLE);
        return true;
      }
      int protocol = calls.get(fd, OPTIONS.socketLevel, OPTIONS.protocol);
      return protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Returns whether a TCP socket is connected; false also when it is closed. Without TCP_INFO:
   * whether it has a remote address.
   */
  public static boolean isConnected(FileDescriptor fd) {
    try {
      check(fd);
      return OPTIONS.hasInfo()
          ? TcpInfo.isConnected(info(fd))
          : new RemoteAddresses().of(fd) != null;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns the number of an open descriptor, or -1. */
  public static int number(FileDescriptor fd) {
    return fd == null ? -1 : calls.number(fd);
  }

  /**
   * Wraps a number in a descriptor for reading and setting options.
   *
   * <p>The number may be closed, and used again, a moment later: then another socket of this
   * process is read or set, or an IOException thrown.
   */
  public static FileDescriptor wrap(int number) {
    return calls.wrap(number);
  }

  /** Sets the number of a descriptor made by {@link #wrap}, to use one object for many sockets. */
  public static void retarget(FileDescriptor wrapped, int number) {
    calls.retarget(wrapped, number);
  }

  /** Returns the local address. */
  public static InetSocketAddress local(FileDescriptor fd) throws IOException {
    check(fd);
    return calls.local(fd);
  }

  /** Returns the remote address; see {@link RemoteAddresses} for JDK 8 and 11. */
  static InetSocketAddress remote(FileDescriptor fd) throws IOException {
    check(fd);
    return calls.remote(fd);
  }

  /** The natives crash the JVM on a null descriptor. */
  private static void check(FileDescriptor fd) throws IOException {
    if (fd == null || OPTIONS == null) {
      throw new SocketException(fd == null ? "no file descriptor" : "unknown operating system");
    }
  }
}
