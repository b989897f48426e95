package io.hbagent.tcp;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.security.AccessController;
import java.security.PrivilegedAction;

/**
 * Private natives of {@code sun.nio.ch}, which have had the same signatures from JDK 8 to 28. With
 * {@code mayNeedConversion=false} those for options are a plain setsockopt and getsockopt. The
 * package must have been opened before. Any thread; nothing is allocated unless the kernel refuses.
 *
 * <p>The first call initialises {@code Net}, but for those that link. A null descriptor crashes the
 * JVM: {@link Kernel} checks.
 */
final class NativeCalls implements SocketCalls {

  private static final String DESCRIPTORS = "/proc/self/fd";
  private static final String SOCKET = "socket:[";

  private static final Class<?>[] OF_SET = {
    FileDescriptor.class, boolean.class, int.class, int.class, int.class, boolean.class
  };
  private static final Class<?>[] OF_GET = {
    FileDescriptor.class, boolean.class, int.class, int.class
  };
  private static final Class<?>[] OF_NUMBER = {FileDescriptor.class};

  /** Needed by every connection. */
  private static final class Setting {

    static final MethodHandle SET = find("Net", "setIntOption0", OF_SET);
    static final MethodHandle NUMBER = find("IOUtil", "fdVal", OF_NUMBER);

    private Setting() {}
  }

  /** Apart from {@link Setting}, because a handle costs the start up to 5 ms. */
  private static final class Reading {

    static final MethodHandle GET = find("Net", "getIntOption0", OF_GET);
    static final MethodHandle WRAP = find("IOUtil", "newFD", int.class);
    static final MethodHandle LOCAL = find("Net", "localAddress", FileDescriptor.class);
    static final MethodHandle REMOTE = find("Net", "remoteAddress", FileDescriptor.class);

    private Reading() {}
  }

  /** Needed by the watchdog. */
  private static final class Watching {

    static final MethodHandle RETARGET =
        find("IOUtil", "setfdVal", FileDescriptor.class, int.class);
    static final MethodHandle POLL =
        find("Net", "poll", FileDescriptor.class, int.class, long.class);

    private Watching() {}
  }

  /** Needed to end a connection at the operator's request. */
  private static final class Ending {

    static final MethodHandle DUPLICATE = find("InheritedChannel", "dup", int.class);
    static final MethodHandle DISCONNECT =
        find("DatagramChannelImpl", "disconnect0", FileDescriptor.class, boolean.class);

    private Ending() {}
  }

  /**
   * Links the calls of the first connection, on the agent's thread: a method handle costs
   * milliseconds the first time. Done with methods of this class, because the first handle of the
   * JDK's own initialises {@code Net}, which reads system properties once and for all, and the
   * application may set some before its first socket. The call sites share their constant pool
   * entries with {@link #set} and {@link #number}.
   */
  static void linkSetting() throws ReflectiveOperationException {
    FileDescriptor none = new FileDescriptor();
    // The JVM keeps what reflection found of the class; this does not initialise it.
    Class<?> net = Class.forName("sun.nio.ch.Net", false, null);
    net.getDeclaredMethod("setIntOption0", OF_SET).setAccessible(true);
    MethodHandle set = handle(NativeCalls.class.getDeclaredMethod("nothing", OF_SET));
    MethodHandle number = handle(NativeCalls.class.getDeclaredMethod("nothing", OF_NUMBER));
    try {
      set.invokeExact(none, false, 0, 0, 0, false);
      int unused = (int) number.invokeExact(none);
    } catch (Throwable e) {
      throw NativeCalls.<RuntimeException>rethrow(e);
    }
  }

  /** Links the reading of an option, as {@link #linkSetting} does. */
  static void linkReading() throws ReflectiveOperationException {
    MethodHandle get = handle(NativeCalls.class.getDeclaredMethod("nothing", OF_GET));
    try {
      int unused = (int) get.invokeExact(new FileDescriptor(), false, 0, 0);
    } catch (Throwable e) {
      throw NativeCalls.<RuntimeException>rethrow(e);
    }
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

  @Override
  public void set(FileDescriptor fd, int level, int option, int value) throws IOException {
    try {
      Setting.SET.invokeExact(fd, false, level, option, value, false);
    } catch (Throwable e) {
      throw NativeCalls.<RuntimeException>rethrow(e);
    }
  }

  @Override
  public int get(FileDescriptor fd, int level, int option) throws IOException {
    try {
      return (int) Reading.GET.invokeExact(fd, false, level, option);
    } catch (Throwable e) {
      throw NativeCalls.<RuntimeException>rethrow(e);
    }
  }

  @Override
  public ByteBuffer tcpInfo(FileDescriptor fd) throws IOException {
    ForeignCalls foreign = ForeignCalls.get();
    if (foreign != null) {
      return foreign.tcpInfo(number(fd));
    }
    ByteBuffer info = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder());
    info.putInt(0, get(fd, Options.TCP_LEVEL, Options.CURRENT.info));
    return info;
  }

  @Override
  public int poll(FileDescriptor fd) throws IOException {
    try {
      return (int) Watching.POLL.invokeExact(fd, 0, 0L);
    } catch (Throwable e) {
      throw NativeCalls.<RuntimeException>rethrow(e);
    }
  }

  @Override
  public InetSocketAddress local(FileDescriptor fd) throws IOException {
    return address(Reading.LOCAL, fd);
  }

  @Override
  public InetSocketAddress remote(FileDescriptor fd) throws IOException {
    return address(Reading.REMOTE, fd);
  }

  private static InetSocketAddress address(MethodHandle which, FileDescriptor fd)
      throws IOException {
    try {
      return (InetSocketAddress) which.invokeExact(fd);
    } catch (Throwable e) {
      throw NativeCalls.<RuntimeException>rethrow(e);
    }
  }

  @Override
  public int number(FileDescriptor fd) {
    try {
      return (int) Setting.NUMBER.invokeExact(fd);
    } catch (Throwable e) {
      throw NativeCalls.<RuntimeException>rethrow(e);
    }
  }

  @Override
  public FileDescriptor wrap(int number) {
    try {
      return (FileDescriptor) Reading.WRAP.invokeExact(number);
    } catch (Throwable e) {
      throw NativeCalls.<RuntimeException>rethrow(e);
    }
  }

  @Override
  public void retarget(FileDescriptor wrapped, int number) {
    try {
      Watching.RETARGET.invokeExact(wrapped, number);
    } catch (Throwable e) {
      throw NativeCalls.<RuntimeException>rethrow(e);
    }
  }

  @Override
  public String[] descriptors() {
    return new File(DESCRIPTORS).list();
  }

  @Override
  public long inode(int number) {
    try {
      File link = new File(DESCRIPTORS, Integer.toString(number));
      String to = Files.readSymbolicLink(link.toPath()).toString();
      return to.startsWith(SOCKET)
          ? Long.parseLong(to.substring(SOCKET.length(), to.length() - 1))
          : -1;
    } catch (IOException | RuntimeException e) {
      return -1; // closed since the folder was read
    }
  }

  @Override
  public FileDescriptor duplicate(int number) throws IOException {
    try {
      return wrap((int) Ending.DUPLICATE.invokeExact(number));
    } catch (Throwable e) {
      throw NativeCalls.<RuntimeException>rethrow(e);
    }
  }

  @Override
  public void close(FileDescriptor duplicate) throws IOException {
    new FileInputStream(duplicate).close(); // by its own object, which forgets the number
  }

  @Override
  public void disconnect(FileDescriptor fd) throws IOException {
    try {
      Ending.DISCONNECT.invokeExact(fd, false);
    } catch (Throwable e) {
      throw NativeCalls.<RuntimeException>rethrow(e);
    }
  }

  /**
   * Throws what a native has thrown as it is, an IOException too: a method handle may throw any.
   */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException rethrow(Throwable e) throws E {
    throw (E) e;
  }
}
