package io.hbagent.testapp.probe;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.Socket;
import java.net.SocketOption;

/** API newer than JDK 8, called by reflection. */
final class Newer {
  private static final Method START_VIRTUAL =
      find(Thread.class, "startVirtualThread", Runnable.class);
  private static final Method SET_OPTION =
      find(Socket.class, "setOption", SocketOption.class, Object.class);

  private Newer() {}

  /** From JDK 21. 19 and 20 have the method, and refuse it without --enable-preview. */
  static boolean hasVirtualThreads() {
    return START_VIRTUAL != null
        && !System.getProperty("java.specification.version").matches("19|20");
  }

  static void start(boolean virtual, String name, Runnable work) {
    if (virtual) {
      try {
        START_VIRTUAL.invoke(null, work);
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("startVirtualThread", e);
      }
    } else {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** {@code Socket.setOption} is there from JDK 9. */
  static boolean hasSocketSetOption() {
    return SET_OPTION != null;
  }

  static void setOption(Socket socket, SocketOption<?> option, Object value) throws Exception {
    try {
      SET_OPTION.invoke(socket, option, value);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception) {
        throw (Exception) e.getCause();
      }
      throw e;
    }
  }

  /**
   * One of {@code jdk.net.ExtendedSocketOptions}, or null if this JDK lacks it: JDK 11 and late
   * updates of 8 have it.
   */
  @SuppressWarnings("unchecked") // the three requested ones are all of Integer
  static SocketOption<Integer> extendedOption(String name) {
    try {
      return (SocketOption<Integer>)
          Class.forName("jdk.net.ExtendedSocketOptions").getField(name).get(null);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  /** From JDK 22: has the foreign function API make a handle of a native function. */
  static void useForeignFunctions() throws Exception {
    Class<?> linker = Class.forName("java.lang.foreign.Linker");
    Object options = Array.newInstance(Class.forName("java.lang.foreign.Linker$Option"), 0);
    Class<?> layout = Class.forName("java.lang.foreign.MemoryLayout");
    Class<?> function = Class.forName("java.lang.foreign.FunctionDescriptor");
    Object none = Array.newInstance(layout, 0);
    Object signature = function.getMethod("ofVoid", none.getClass()).invoke(null, none);
    linker
        .getMethod("downcallHandle", function, options.getClass())
        .invoke(linker.getMethod("nativeLinker").invoke(null), signature, options);
  }

  private static Method find(Class<?> type, String name, Class<?>... parameters) {
    try {
      return type.getMethod(name, parameters);
    } catch (NoSuchMethodException e) {
      return null;
    }
  }
}
