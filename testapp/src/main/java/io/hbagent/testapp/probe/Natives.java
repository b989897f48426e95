package io.hbagent.testapp.probe;

import io.hbagent.testapp.probe.netty.channel.unix.Socket;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.util.Map;

/**
 * Connections that no class of the JDK knows, as a library with native code of its own opens them:
 * by the system calls that the JDK's own classes end in.
 */
final class Natives {
  private static final int WAIT_MILLIS = Integer.getInteger("probe.wait", 10_000);
  private static final int LOOK_MILLIS = 100;

  /** The use of a connection once it is open. */
  private interface Use {
    void of(FileDescriptor fd) throws Exception;
  }

  private Natives() {}

  static void add(Map<String, Scenario> into) {
    into.put("native", setting -> connect(setting, Natives::await));
    into.put("transport", setting -> connect(setting, Natives::wrap));
    into.put("transport-on-signal", setting -> connect(setting, Natives::wrapWhenTold));
    into.put("transport-after-its-library", setting -> connect(setting, Natives::wrapAfterLibrary));
  }

  private static void connect(Setting setting, Use use) throws Exception {
    try (OneConnection peer =
        new OneConnection(
            setting,
            new ServerSocket(0, 5, setting.loopback()),
            socket -> socket.getInputStream().read())) {
      int port = peer.listener.getLocalPort();
      FileDescriptor fd = socket();
      try {
        connect(fd, setting.loopback(), port);
        use.of(fd);
        setting.report("client", 0, port);
      } finally {
        close(fd);
      }
    }
  }

  static FileDescriptor socket() throws Exception {
    return (FileDescriptor)
        call("Net", "socket", new Class<?>[] {ProtocolFamily.class, boolean.class}, null, true);
  }

  static void bind(FileDescriptor fd, InetAddress host, int port) throws Exception {
    Class<?>[] parameters = {FileDescriptor.class, InetAddress.class, int.class};
    call("Net", "bind", parameters, fd, host, port);
  }

  static void connect(FileDescriptor fd, InetAddress host, int port) throws Exception {
    Object ipv6 = call("Net", "isIPv6Available", new Class<?>[0]);
    Class<?>[] parameters = {boolean.class, FileDescriptor.class, InetAddress.class, int.class};
    call("Net", "connect0", parameters, ipv6, fd, host, port);
  }

  /** Closes a descriptor that has no socket object. */
  static void close(FileDescriptor fd) throws IOException {
    new FileOutputStream(fd).close();
  }

  /**
   * Waits until the connection has keepalive, at most for the milliseconds of the system property
   * probe.wait.
   */
  private static void await(FileDescriptor fd) throws IOException, InterruptedException {
    long end = System.nanoTime() + WAIT_MILLIS * 1_000_000L;
    while (!Kernel.options(fd).startsWith("keepalive=1") && System.nanoTime() < end) {
      Thread.sleep(LOOK_MILLIS);
    }
  }

  /**
   * Creates the transport's socket object for an accepted connection, as a native transport does.
   */
  private static void wrap(FileDescriptor fd) throws Exception {
    new Socket((Integer) call("IOUtil", "fdVal", new Class<?>[] {FileDescriptor.class}, fd));
  }

  /** Has the class of the transport before its library, as Netty does; both on request. */
  private static void wrapWhenTold(FileDescriptor fd) throws Exception {
    awaitLine();
    Class.forName(Socket.class.getName());
    library();
    wrap(fd);
  }

  private static void wrapAfterLibrary(FileDescriptor fd) throws Exception {
    awaitLine();
    library();
    wrap(fd);
  }

  private static void awaitLine() throws IOException {
    Report.line("ready");
    if (System.in.read() < 0) {
      throw new EOFException("the input ended before the request to continue");
    }
  }

  /** Loads a library that does not exist. */
  static void library() {
    try {
      System.loadLibrary("testapp_transport_native");
      throw new IllegalStateException("there is such a library");
    } catch (UnsatisfiedLinkError e) {
      // as expected
    }
  }

  private static Object call(String type, String name, Class<?>[] parameters, Object... arguments)
      throws Exception {
    Method method = Class.forName("sun.nio.ch." + type).getDeclaredMethod(name, parameters);
    method.setAccessible(true);
    return method.invoke(null, arguments);
  }
}
