package io.hbagent.tcp;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.security.AccessController;
import java.security.PrivilegedAction;

/**
 * The kernel by file descriptor: get and set one int of one socket.
 *
 * <p>Calls the private natives of {@code sun.nio.ch.Net}, which have had the same signature from
 * JDK 8 to 28; with {@code mayNeedConversion=false} they are a plain setsockopt or getsockopt. The
 * package must have been opened before. Any thread; nothing is allocated unless the kernel refuses.
 * The first call initialises {@code Net}, but for {@link #numbers} and those that link.
 *
 * <p>The natives crash the JVM on a null descriptor, so every method checks for it first.
 */
public final class Kernel {

  /** SO_PROTOCOL's values for TCP and for Multipath TCP ({@code linux/in.h}). */
  private static final int IPPROTO_TCP = 6;

  private static final int IPPROTO_MPTCP = 262;

  /** POLLERR of poll(2): the same on every system that has TCP_INFO. */
  private static final int POLLERR = 8;

  private static final Class<?>[] OF_SET = {
    FileDescriptor.class, boolean.class, int.class, int.class, int.class, boolean.class
  };
  private static final Class<?>[] OF_GET = {
    FileDescriptor.class, boolean.class, int.class, int.class
  };
  private static final Class<?>[] OF_NUMBER = {FileDescriptor.class};

  private static final OptionNumbers NUMBERS = OptionNumbers.current();

  /** What every connection needs. */
  private static final class Setting {

    static final MethodHandle SET = find("Net", "setIntOption0", OF_SET);
    static final MethodHandle NUMBER = find("IOUtil", "fdVal", OF_NUMBER);

    private Setting() {}
  }

  /** What setting options does not need: a handle costs the start up to 5 ms. */
  private static final class Asking {

    static final MethodHandle GET = find("Net", "getIntOption0", OF_GET);
    static final MethodHandle WRAP = find("IOUtil", "newFD", int.class);
    static final MethodHandle LOCAL = find("Net", "localAddress", FileDescriptor.class);
    static final MethodHandle REMOTE = find("Net", "remoteAddress", FileDescriptor.class);

    private Asking() {}
  }

  /** What only the watchdog needs. */
  private static final class Watching {

    static final MethodHandle POINT = find("IOUtil", "setfdVal", FileDescriptor.class, int.class);
    static final MethodHandle POLL =
        find("Net", "poll", FileDescriptor.class, int.class, long.class);

    private Watching() {}
  }

  private Kernel() {}

  /**
   * Links all that the first connection calls here, on the agent's thread: a method handle costs
   * milliseconds the first time. It is done with methods of this class, because the first handle of
   * the JDK's own initialises {@code Net}, which reads system properties once and for all, and the
   * application may set some before its first socket.
   *
   * @throws IOException never
   * @throws ReflectiveOperationException when this JDK is made otherwise than those we know
   */
  public static void linkSetting() throws IOException, ReflectiveOperationException {
    FileDescriptor none = new FileDescriptor();
    // The JVM keeps what reflection found of the class; this does not initialise it.
    Class<?> net = Class.forName("sun.nio.ch.Net", false, null);
    net.getDeclaredMethod("setIntOption0", OF_SET).setAccessible(true);
    set(handle(Kernel.class.getDeclaredMethod("nothing", OF_SET)), none, 0, 0, 0);
    number(handle(Kernel.class.getDeclaredMethod("nothing", OF_NUMBER)), none);
  }

  /**
   * Links what reading an option needs, as {@link #linkSetting} does.
   *
   * @throws IOException never
   * @throws ReflectiveOperationException never
   */
  public static void linkReading() throws IOException, ReflectiveOperationException {
    get(handle(Kernel.class.getDeclaredMethod("nothing", OF_GET)), new FileDescriptor(), 0, 0);
  }

  @SuppressWarnings("unused") // by linkSetting, as the two that follow
  private static void nothing(FileDescriptor fd, boolean b, int i, int j, int k, boolean c) {}

  @SuppressWarnings("unused")
  private static int nothing(FileDescriptor fd, boolean b, int i, int j) {
    return 0;
  }

  @SuppressWarnings("unused")
  private static int nothing(FileDescriptor fd) {
    return 0;
  }

  /**
   * Finds a native of the JDK and initialises its class. Under a security manager with the agent's
   * permissions: it may be called in the middle of a connect of an application that has none.
   */
  private static MethodHandle find(String owner, String name, Class<?>... parameters) {
    if (System.getSecurityManager() == null) {
      return lookUp(owner, name, parameters);
    }
    return AccessController.doPrivileged(
        new PrivilegedAction<MethodHandle>() {
          @Override
          public MethodHandle run() {
            return lookUp(owner, name, parameters);
          }
        });
  }

  private static MethodHandle lookUp(String owner, String name, Class<?>... parameters) {
    try {
      return handle(
          Class.forName("sun.nio.ch." + owner, true, null).getDeclaredMethod(name, parameters));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static MethodHandle handle(Method method) throws IllegalAccessException {
    method.setAccessible(true);
    return MethodHandles.lookup().unreflect(method);
  }

  /** The option numbers of this operating system; null where they are not known. */
  public static OptionNumbers numbers() {
    return NUMBERS;
  }

  /**
   * Sets SO_KEEPALIVE.
   *
   * @throws SocketException when the kernel refuses: a closed descriptor, or not a socket
   */
  public static void keepAlive(FileDescriptor fd, boolean on) throws IOException {
    set(fd, NUMBERS.socketLevel, NUMBERS.keepAlive, on ? 1 : 0);
  }

  /** Whether SO_KEEPALIVE is on. */
  public static boolean keepAlive(FileDescriptor fd) throws IOException {
    return get(fd, NUMBERS.socketLevel, NUMBERS.keepAlive) != 0;
  }

  /** Sets TCP_KEEPIDLE, 1 to 32767 s; refused with an exception by whatever is not TCP. */
  public static void idle(FileDescriptor fd, int seconds) throws IOException {
    set(fd, NUMBERS.tcpLevel, NUMBERS.idle, seconds);
  }

  /** TCP_KEEPIDLE, in seconds. */
  public static int idle(FileDescriptor fd) throws IOException {
    return get(fd, NUMBERS.tcpLevel, NUMBERS.idle);
  }

  /** Sets TCP_KEEPINTVL, 1 to 32767 s. */
  public static void intvl(FileDescriptor fd, int seconds) throws IOException {
    set(fd, NUMBERS.tcpLevel, NUMBERS.intvl, seconds);
  }

  /** TCP_KEEPINTVL, in seconds. */
  public static int intvl(FileDescriptor fd) throws IOException {
    return get(fd, NUMBERS.tcpLevel, NUMBERS.intvl);
  }

  /** Sets TCP_KEEPCNT, 1 to 127 probes. */
  public static void cnt(FileDescriptor fd, int probes) throws IOException {
    set(fd, NUMBERS.tcpLevel, NUMBERS.cnt, probes);
  }

  /** TCP_KEEPCNT, in probes. */
  public static int cnt(FileDescriptor fd) throws IOException {
    return get(fd, NUMBERS.tcpLevel, NUMBERS.cnt);
  }

  /** Sets TCP_USER_TIMEOUT, in milliseconds; 0 takes it away. Only where it exists. */
  public static void userTimeout(FileDescriptor fd, int millis) throws IOException {
    set(fd, NUMBERS.tcpLevel, NUMBERS.userTimeout, millis);
  }

  /** TCP_USER_TIMEOUT, in milliseconds; 0 when there is none. Only where it exists. */
  public static int userTimeout(FileDescriptor fd) throws IOException {
    return get(fd, NUMBERS.tcpLevel, NUMBERS.userTimeout);
  }

  /** The first four bytes of TCP_INFO, to be taken apart by {@link TcpInfo}. Linux only. */
  public static int info(FileDescriptor fd) throws IOException {
    return get(fd, NUMBERS.tcpLevel, NUMBERS.info);
  }

  /**
   * Whether an error waits on the socket that the application has not been told yet. Looks without
   * taking: reading SO_ERROR would clear it. Returns at once.
   */
  public static boolean hasError(FileDescriptor fd) throws IOException {
    check(fd);
    try {
      return ((int) Watching.POLL.invokeExact(fd, 0, 0L) & POLLERR) != 0;
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Whether this is a TCP socket, asked of the kernel; false also when it is closed. */
  public static boolean isTcp(FileDescriptor fd) {
    try {
      if (NUMBERS.protocol > 0) {
        int protocol = get(fd, NUMBERS.socketLevel, NUMBERS.protocol);
        return protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP;
      }
      idle(fd);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The number of an open descriptor, or -1. */
  public static int number(FileDescriptor fd) {
    return fd == null ? -1 : number(Setting.NUMBER, fd);
  }

  private static int number(MethodHandle which, FileDescriptor fd) {
    try {
      return (int) which.invokeExact(fd);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * Wraps a number in a descriptor that is good for asking and setting options only.
   *
   * <p>The number may have been closed, and used again, a moment later: then another socket of this
   * process is asked, or an exception tells that it is none.
   */
  public static FileDescriptor wrap(int number) {
    try {
      return (FileDescriptor) Asking.WRAP.invokeExact(number);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * Points a descriptor that {@link #wrap} made at another number, so that one object serves to ask
   * about many sockets.
   */
  public static void point(FileDescriptor wrapped, int number) {
    try {
      Watching.POINT.invokeExact(wrapped, number);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** The local address the kernel knows. */
  public static InetSocketAddress local(FileDescriptor fd) throws IOException {
    return address(Asking.LOCAL, fd);
  }

  /** The remote address the kernel knows; see {@link RemoteAddresses} for JDK 8 and 11. */
  static InetSocketAddress remote(FileDescriptor fd) throws IOException {
    return address(Asking.REMOTE, fd);
  }

  private static InetSocketAddress address(MethodHandle which, FileDescriptor fd)
      throws IOException {
    check(fd);
    try {
      return (InetSocketAddress) which.invokeExact(fd);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static void set(FileDescriptor fd, int level, int option, int value) throws IOException {
    check(fd);
    set(Setting.SET, fd, level, option, value);
  }

  private static void set(MethodHandle setter, FileDescriptor fd, int level, int option, int value)
      throws IOException {
    try {
      setter.invokeExact(fd, false, level, option, value, false);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static int get(FileDescriptor fd, int level, int option) throws IOException {
    check(fd);
    return get(Asking.GET, fd, level, option);
  }

  private static int get(MethodHandle getter, FileDescriptor fd, int level, int option)
      throws IOException {
    try {
      return (int) getter.invokeExact(fd, false, level, option);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static void check(FileDescriptor fd) throws IOException {
    if (fd == null || NUMBERS == null) {
      throw new SocketException(fd == null ? "no file descriptor" : "unknown operating system");
    }
  }

  private static RuntimeException unexpected(Throwable e) {
    if (e instanceof Error) {
      throw (Error) e;
    }
    return e instanceof RuntimeException ? (RuntimeException) e : new IllegalStateException(e);
  }
}
