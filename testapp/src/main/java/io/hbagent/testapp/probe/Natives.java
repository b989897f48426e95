package io.hbagent.testapp.probe;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.ProtocolFamily;
import java.net.ServerSocket;

/**
 * A connection that no class of the JDK knows, as a library with native code of its own opens it:
 * by the system calls that the JDK's own classes end in. Waits until it carries keepalive, or for
 * as many milliseconds as the system property probe.wait says.
 */
final class Natives {
  private static final int WAIT_MILLIS = Integer.getInteger("probe.wait", 10_000);
  private static final int LOOK_MILLIS = 100;

  private Natives() {}

  static void connect(Setting setting) throws Exception {
    try (OneConnection peer =
        new OneConnection(
            setting,
            new ServerSocket(0, 5, setting.loopback()),
            socket -> socket.getInputStream().read())) {
      int port = peer.listener.getLocalPort();
      FileDescriptor fd =
          (FileDescriptor)
              method("socket", ProtocolFamily.class, boolean.class).invoke(null, null, true);
      try {
        boolean ipv6 = (Boolean) method("isIPv6Available").invoke(null);
        method("connect0", boolean.class, FileDescriptor.class, InetAddress.class, int.class)
            .invoke(null, ipv6, fd, setting.loopback(), port);
        await(fd);
        setting.report("client", 0, port);
      } finally {
        // The one way to close a descriptor that has no socket object.
        new FileOutputStream(fd).close();
      }
    }
  }

  private static void await(FileDescriptor fd) throws IOException, InterruptedException {
    long end = System.nanoTime() + WAIT_MILLIS * 1_000_000L;
    while (!Kernel.options(fd).startsWith("keepalive=1") && System.nanoTime() < end) {
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private static Method method(String name, Class<?>... parameters)
      throws ReflectiveOperationException {
    Method method = Class.forName("sun.nio.ch.Net").getDeclaredMethod(name, parameters);
    method.setAccessible(true);
    return method;
  }
}
