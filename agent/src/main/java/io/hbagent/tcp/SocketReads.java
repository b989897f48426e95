package io.hbagent.tcp;

/** Knows a thread that is blocked in a read of a socket by its stack, JDK 8 to 28. Pure. */
public final class SocketReads {

  /** Between the innermost frame and the read there are parking, polling and lock frames. */
  private static final int DEPTH = 12;

  private SocketReads() {}

  /** Whether the innermost frames of this stack are a read of a socket. */
  public static boolean isIn(StackTraceElement[] stack) {
    for (int i = 0; i < stack.length && i < DEPTH; i++) {
      String owner = stack[i].getClassName();
      String method = stack[i].getMethodName();
      if ((owner.equals("java.net.SocketInputStream") && method.startsWith("socketRead"))
          || (owner.equals("sun.nio.ch.NioSocketImpl") && method.equals("implRead"))
          || (owner.equals("sun.nio.ch.SocketChannelImpl") && method.endsWith("ead"))) {
        return true;
      }
      if (!owner.startsWith("sun.nio.ch.") && !owner.startsWith("java.")) {
        return false;
      }
    }
    return false;
  }
}
