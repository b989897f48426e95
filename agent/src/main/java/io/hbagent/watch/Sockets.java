package io.hbagent.watch;

import io.hbagent.keepalive.Policy;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.RemoteAddresses;
import io.hbagent.tcp.Timers;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * The system calls of a {@link Round}, on one descriptor number at a time. Unit tests override
 * them. On the watchdog's thread.
 *
 * <p>A number can be closed and used again between two calls. Reading options, and setting a user
 * timeout, does no harm to another socket.
 */
class Sockets {

  /** The one descriptor that is pointed at each number in turn. */
  private FileDescriptor fd;

  private Timers timers;
  private RemoteAddresses remotes;

  /** Starts a round: /proc is read at most once in each, and only if it is needed. */
  void begin() {
    timers = null;
    remotes = new RemoteAddresses();
  }

  /** Selects the number that the other methods refer to. */
  void select(int number) {
    if (fd == null) {
      fd = Kernel.wrap(number);
    } else {
      Kernel.point(fd, number);
    }
  }

  /** Returns the first four bytes of TCP_INFO. */
  int info() throws IOException {
    return Kernel.info(fd);
  }

  InetSocketAddress local() throws IOException {
    return Kernel.local(fd);
  }

  InetSocketAddress remote() throws IOException {
    return remotes.of(fd);
  }

  /** Returns whether {@link #remote} may fail for a socket that is newer than the round. */
  boolean isRemoteLate() {
    return remotes.isSnapshot();
  }

  /** Returns whether an error waits that the application has not read; it is not cleared. */
  boolean hasError() throws IOException {
    return Kernel.hasError(fd);
  }

  /** Returns TCP_USER_TIMEOUT in ms. */
  int userTimeout() throws IOException {
    return Kernel.userTimeout(fd);
  }

  void userTimeout(int millis) throws IOException {
    Kernel.userTimeout(fd, millis);
  }

  /** Returns the keepalive options that are in force, and the given user timeout with them. */
  Policy options(int userTimeout) throws IOException {
    return new Policy(
        Kernel.keepAlive(fd), Kernel.idle(fd), Kernel.intvl(fd), Kernel.cnt(fd), userTimeout);
  }

  /** Returns the timer the kernel runs for a connection, a constant of {@link Timers}. */
  int timer(WatchedConnection c) {
    if (timers == null) {
      timers = Timers.read();
    }
    return timers.of(Timers.key(c.localPort(), c.remotePort(), c.lastOfRemote()));
  }
}
