package io.hbagent.hook;

import java.io.FileDescriptor;
import java.net.InetAddress;

/**
 * Hears of every connection the woven methods see.
 *
 * <p>Called on the application's threads, inside its connect or accept, possibly while it holds
 * locks of the JDK. A method may throw: the bridge counts it and the application never sees it. It
 * must not block, log, or open a connection itself.
 */
public interface Listener {

  /** A socket, open and not connected yet, is about to connect to this address. */
  void connecting(FileDescriptor fd, InetAddress remote, int port) throws Exception;

  /** A connection from this address was accepted; the application has not got it in hand yet. */
  void accepted(FileDescriptor fd, InetAddress remote, int port) throws Exception;

  /**
   * A descriptor is about to be closed; after {@link Hooks#weaveCloses} only. Called twice where a
   * thread is using it: the second time another socket of the JDK stands in for it.
   */
  default void closing(FileDescriptor fd) throws Exception {}

  /** The application has set an option; {@code option} is its name, such as SO_KEEPALIVE. */
  void optionSet(FileDescriptor fd, String option) throws Exception;

  /**
   * A native transport has made a socket, which it knows by its number only: accepted and connected
   * already, or new, or not TCP at all. The same for the five that follow.
   */
  default void opened(int number) throws Exception {}

  /** It is about to connect to this address, which is null when it is not resolved. */
  default void connecting(int number, InetAddress remote, int port) throws Exception {}

  /**
   * It may have connected without passing {@link #connecting(int, InetAddress, int)}, as io_uring
   * does; called again and again.
   */
  default void connected(int number) throws Exception {}

  /** The application has set an option of it, given by the JDK's name. */
  default void optionSet(int number, String option) throws Exception {}

  /** The same, given by the operating system's numbers of level and option. */
  default void optionSet(int number, int level, int option) throws Exception {}

  /** It is about to be closed; called once or twice. */
  default void closing(int number) throws Exception {}

  /** Native code of the application comes: a library, or the foreign function API. Often called. */
  default void nativeCode() {}

  /**
   * Answers a request that came with a second agent; not on an application's thread. Null: cannot.
   */
  default String command(String request) throws Exception {
    return null;
  }
}
