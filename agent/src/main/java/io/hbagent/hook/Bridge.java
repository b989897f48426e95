package io.hbagent.hook;

import java.io.FileDescriptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * The class that woven JDK code calls, inside {@code java.base}.
 *
 * <p>{@link JavaBase} renames it to {@code java.net.HbAgentBridge} and {@link Hooks#prepare}
 * defines it there, because only a {@code java.*} class of an exported package can be called from
 * every class of every loader (OSGi and JBoss Modules delegate nothing else to the boot loader). So
 * it must not refer to any class of the agent, nor to anything newer than Java 8.
 *
 * <p>The static methods run on the application's threads, in the middle of its connect and accept:
 * they never throw, and cost one volatile read when nothing is installed. Two of them, for native
 * libraries and changed classes, are expensive the first time.
 */
@SuppressWarnings("StaticAssignmentOfThrowable") // kept for the report, until uninstall
public abstract class Bridge {

  /**
   * The shape of this class: raised whenever a member changes, because it stays in {@code
   * java.base} until the JVM ends, and an agent of another shape cannot be linked to it.
   */
  public static final int SHAPE = 6;

  /** Version of the agent that was at work last, or null. */
  public static volatile String version;

  /** The listener; null if hb-agent is not installed in this JVM. */
  public static volatile Bridge installed;

  /** The number of failures of the agent in this JVM; the tests fail when it is above zero. */
  public static volatile int failures;

  /** The first of those failures, kept for the report; null while there is none. */
  public static volatile Throwable firstFailure;

  /** For the one listener. */
  protected Bridge() {}

  /** Woven in where a socket is about to connect: {@code fd} is open and not connected yet. */
  public static void connect(FileDescriptor fd, InetAddress remote, int port) {
    Bridge listener = installed;
    if (listener != null && fd != null) {
      try {
        listener.connecting(fd, remote, port);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  /** Woven in where a socket is about to listen; it may be of another kind than TCP. */
  public static void listen(FileDescriptor fd) {
    Bridge listener = installed;
    if (listener != null && fd != null) {
      try {
        listener.listening(fd);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  /**
   * Woven in where a connection was accepted, before the application gets it.
   *
   * @param from the socket that accepted it; null where that is not known
   */
  public static void accept(FileDescriptor from, FileDescriptor fd, InetAddress remote, int port) {
    Bridge listener = installed;
    if (listener != null && fd != null) {
      try {
        listener.accepted(from, fd, remote, port);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  /**
   * Does the same where the JDK has the address in one piece: null if no one was waiting, and of
   * another type on a Unix-domain channel, which is ignored.
   */
  public static void accept(FileDescriptor from, FileDescriptor fd, SocketAddress remote) {
    if (remote instanceof InetSocketAddress) {
      InetSocketAddress address = (InetSocketAddress) remote;
      accept(from, fd, address.getAddress(), address.getPort());
    }
  }

  /** Woven in where a descriptor is about to be closed, once or twice for each. */
  public static void close(FileDescriptor fd) {
    Bridge listener = installed;
    if (listener != null && fd != null) {
      try {
        listener.closing(fd);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  /** Woven in after the application has set {@code option}, a {@link java.net.SocketOption}. */
  public static void option(FileDescriptor fd, Object option) {
    Bridge listener = installed;
    if (listener != null && fd != null) {
      try {
        listener.optionSet(fd, option);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  /** Does the same for the numbers of {@link java.net.SocketOptions}, as JDK 8 to 12 have them. */
  public static void option(FileDescriptor fd, int option) {
    if (option == 0x0008) { // SocketOptions.SO_KEEPALIVE; the timers have no number
      option(fd, (Object) "SO_KEEPALIVE");
    }
  }

  // Woven into Netty's native transports, which know a socket by its number.

  /** Woven in where such a socket was made: accepted and connected already, or new. */
  public static void opened(int number) {
    Bridge listener = installed;
    if (listener != null) {
      try {
        listener.openedNumber(number);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  /** Woven in where such a socket is about to connect. */
  public static void connect(int number, SocketAddress remote) {
    Bridge listener = installed;
    if (listener != null && remote instanceof InetSocketAddress) {
      try {
        InetSocketAddress address = (InetSocketAddress) remote;
        listener.connectingNumber(number, address.getAddress(), address.getPort());
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  /** Woven in where the transport asks for the remote end: once it has connected. */
  public static void connected(int number) {
    Bridge listener = installed;
    if (listener != null) {
      try {
        listener.connectedNumber(number);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  /** Woven in after the application has set an option, by the JDK's name for it. */
  public static void option(int number, Object option) {
    Bridge listener = installed;
    if (listener != null) {
      try {
        listener.optionSetNumber(number, (String) option);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  /** Does the same by the operating system's numbers of level and option. */
  public static void option(int number, int level, int option) {
    Bridge listener = installed;
    if (listener != null) {
      try {
        listener.optionSetNumber(number, level, option);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  /** Woven in where such a socket is about to be closed, once or twice for each. */
  public static void close(int number) {
    Bridge listener = installed;
    if (listener != null) {
      try {
        listener.closingNumber(number);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  // Not about sockets: where native code, or classes that are to be woven, may come.

  /** Woven in where a class other than the JDK's own is about to load a native library. */
  public static void library(Class<?> by) {
    if (by != null && by.getClassLoader() != null) {
      foreign();
      classChange();
    }
  }

  /** Woven in where the foreign function API is asked for a native function. */
  public static void foreign() {
    Bridge listener = installed;
    if (listener != null) {
      try {
        listener.nativeCode();
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  /** Woven in where an agent is about to redefine or retransform classes. */
  public static void classChange() {
    Bridge listener = installed;
    if (listener != null) {
      try {
        listener.reregister();
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  /** Counts a failure of the agent and keeps the first. Never throws. */
  public static void failed(Throwable e) {
    try {
      synchronized (Bridge.class) {
        failures++;
        if (firstFailure == null) {
          firstFailure = e;
        }
      }
    } catch (Throwable ignored) {
      // A stack overflow of the application can end here.
    }
  }

  /**
   * Hands a request of a second agent that was attached to the one that is installed.
   *
   * @return its answer, or null if none is installed
   * @throws Exception if it cannot answer
   */
  public static String ask(String request) throws Exception {
    Bridge listener = installed;
    return listener == null ? null : listener.command(request);
  }

  // Implemented by the listener. An exception is counted and never reaches the application. A
  // request comes from another class loader, hence JDK types only; an option is a SocketOption or
  // its name; a number is the descriptor of a native transport's socket.

  protected abstract String command(String request) throws Exception;

  protected abstract void reregister() throws Exception;

  protected abstract void nativeCode() throws Exception;

  protected abstract void connecting(FileDescriptor fd, InetAddress remote, int port)
      throws Exception;

  protected abstract void listening(FileDescriptor fd) throws Exception;

  protected abstract void accepted(
      FileDescriptor from, FileDescriptor fd, InetAddress remote, int port) throws Exception;

  protected abstract void optionSet(FileDescriptor fd, Object option) throws Exception;

  protected abstract void closing(FileDescriptor fd) throws Exception;

  protected abstract void openedNumber(int number) throws Exception;

  protected abstract void connectingNumber(int number, InetAddress remote, int port)
      throws Exception;

  protected abstract void connectedNumber(int number) throws Exception;

  protected abstract void optionSetNumber(int number, String option) throws Exception;

  protected abstract void optionSetNumber(int number, int level, int option) throws Exception;

  protected abstract void closingNumber(int number) throws Exception;
}
