package io.hbagent.hook;

import java.io.FileDescriptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * Where woven JDK code meets the agent.
 *
 * <p>This class runs inside {@code java.base}: {@link BootClasses} renames it to {@code
 * java.net.HbAgentBridge} and defines it there, because only a {@code java.*} class of an exported
 * package can be called from every class of every loader (OSGi and JBoss Modules delegate nothing
 * else to the boot loader). So it must not refer to any class of ours, nor to anything newer than
 * Java 8. {@link Listener} is the one class of the agent that is linked to it.
 *
 * <p>The static methods run on the application's threads, in the middle of its connect and accept:
 * they never throw, and cost one volatile read when nothing is installed. Two of them, for native
 * libraries and redefined classes, are expensive the first time.
 */
@SuppressWarnings("StaticAssignmentOfThrowable") // kept for the report, until forget()
public abstract class Bridge {

  /**
   * The shape of this class: raised whenever a member changes, because what lies in {@code
   * java.base} stays there until the JVM ends, and an agent of another shape cannot be linked to
   * it.
   */
  public static final int SHAPE = 4;

  /** Version of the agent that put this class here, for the sentence that tells two apart. */
  public static volatile String version;

  /** The listener, or null: the one truth about whether hb-agent is installed in this JVM. */
  public static volatile Bridge installed;

  /** How often anything of the agent failed in this JVM; the tests fail when it is above zero. */
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

  /** Woven in where a connection was accepted, before the application gets it in hand. */
  public static void accept(FileDescriptor fd, InetAddress remote, int port) {
    Bridge listener = installed;
    if (listener != null && fd != null) {
      try {
        listener.accepted(fd, remote, port);
      } catch (Throwable e) {
        failed(e);
      }
    }
  }

  /**
   * The same where the JDK has the address in one piece: null when nobody was waiting, and another
   * kind than InetSocketAddress on a Unix-domain channel, which is none of ours.
   */
  public static void accept(FileDescriptor fd, SocketAddress remote) {
    if (remote instanceof InetSocketAddress) {
      InetSocketAddress address = (InetSocketAddress) remote;
      accept(fd, address.getAddress(), address.getPort());
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

  /** The same for the numbers of {@link java.net.SocketOptions}, which JDK 8 to 12 pass down. */
  public static void option(FileDescriptor fd, int option) {
    if (option == 0x0008) { // SocketOptions.SO_KEEPALIVE, the one number that concerns us
      option(fd, (Object) "SO_KEEPALIVE");
    }
  }

  // What follows is woven into Netty's native transports, which know a socket by its number.

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

  /**
   * Woven in after the application has set an option of such a socket, by the JDK's name for it.
   */
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

  /** The same by the operating system's numbers of level and option. */
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

  // What follows is not about sockets: where native code, or classes that are to be woven, may
  // come.

  /**
   * Woven in where a native library is about to be loaded; {@code by} is the class that asked for
   * it. The JDK's own classes are left out.
   */
  public static void library(Class<?> by) {
    if (by != null && by.getClassLoader() != null) {
      foreign();
      recallInstalled();
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

  /** Woven in where an agent is about to redefine classes. */
  public static void redefining() {
    recallInstalled();
  }

  private static void recallInstalled() {
    Bridge listener = installed;
    if (listener != null) {
      try {
        listener.recall();
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
      // A stack overflow of the application can end here; there is nobody left to tell.
    }
  }

  /**
   * Hands a request to the agent that is installed, from a second one that was attached.
   *
   * @return its answer, or null when none is installed
   * @throws Exception when it cannot answer
   */
  public static String ask(String request) throws Exception {
    Bridge listener = installed;
    return listener == null ? null : listener.command(request);
  }

  /** Forgets what went wrong: the stack traces would keep the classes of an agent that is gone. */
  public static void forget() {
    synchronized (Bridge.class) {
      failures = 0;
      firstFailure = null;
    }
  }

  /**
   * Answers a request of a second agent. JDK types only, because the two are in different class
   * loaders.
   *
   * @throws Exception when it cannot answer
   */
  protected abstract String command(String request) throws Exception;

  /**
   * Classes may come that are to be woven.
   *
   * @throws Exception counted by the caller, never seen by the application
   */
  protected abstract void recall() throws Exception;

  /**
   * Native code of the application comes, which may open connections past the hooks.
   *
   * @throws Exception counted by the caller, never seen by the application
   */
  protected abstract void nativeCode() throws Exception;

  /**
   * A socket is about to connect.
   *
   * @throws Exception counted by the caller, never seen by the application
   */
  protected abstract void connecting(FileDescriptor fd, InetAddress remote, int port)
      throws Exception;

  /**
   * A connection was accepted.
   *
   * @throws Exception counted by the caller, never seen by the application
   */
  protected abstract void accepted(FileDescriptor fd, InetAddress remote, int port)
      throws Exception;

  /**
   * A descriptor is about to be closed.
   *
   * @throws Exception counted by the caller, never seen by the application
   */
  protected abstract void closing(FileDescriptor fd) throws Exception;

  /**
   * The application has set an option, given as {@link java.net.SocketOption} or by its name.
   *
   * @throws Exception counted by the caller, never seen by the application
   */
  protected abstract void optionSet(FileDescriptor fd, Object option) throws Exception;

  /**
   * A native transport has made a socket.
   *
   * @throws Exception counted by the caller, never seen by the application
   */
  protected abstract void openedNumber(int number) throws Exception;

  /**
   * A socket of a native transport is about to connect.
   *
   * @throws Exception counted by the caller, never seen by the application
   */
  protected abstract void connectingNumber(int number, InetAddress remote, int port)
      throws Exception;

  /**
   * A socket of a native transport may have connected.
   *
   * @throws Exception counted by the caller, never seen by the application
   */
  protected abstract void connectedNumber(int number) throws Exception;

  /**
   * The application has set an option of a native transport's socket.
   *
   * @throws Exception counted by the caller, never seen by the application
   */
  protected abstract void optionSetNumber(int number, String option) throws Exception;

  /**
   * The same, by the numbers of the operating system.
   *
   * @throws Exception counted by the caller, never seen by the application
   */
  protected abstract void optionSetNumber(int number, int level, int option) throws Exception;

  /**
   * A socket of a native transport is about to be closed.
   *
   * @throws Exception counted by the caller, never seen by the application
   */
  protected abstract void closingNumber(int number) throws Exception;
}
