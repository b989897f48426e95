package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.Options;
import io.hbagent.tcp.RemoteAddresses;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Sets the policy on the sockets of native transports, which are known by their number only.
 *
 * <p>On the application's threads, inside the transport's own calls; what is thrown is counted by
 * the bridge and never reaches the application. The number is that of a socket the transport has
 * open at this moment, so it cannot be another's. A descriptor object is allocated for each call.
 */
public final class TransportSockets {

  private final KeepaliveManager manager;

  /** Creates the sockets of one JVM. */
  public TransportSockets(KeepaliveManager manager) {
    this.manager = manager;
  }

  /**
   * Handles a socket that was accepted, or made. A new one is left as it is until it connects,
   * because it may become a listener, from which others inherit.
   */
  public void opened(int number) throws IOException {
    closing(number); // what had the number before is gone
    applyIfConnected(number, Role.SERVER);
  }

  /** Gives options to a socket that is about to connect; the address is null if not resolved. */
  public void connecting(int number, InetAddress remote, int port) throws IOException {
    manager.opened(Kernel.wrap(number), number, Role.CLIENT, remote, port, null);
  }

  /** Gives options to a socket that connected without {@link #connecting}; called repeatedly. */
  public void connected(int number) throws IOException {
    ConnectionTable table = manager.table();
    if (table.entry(number) == ConnectionTable.UNKNOWN || table.isClosed(number)) {
      applyIfConnected(number, Role.CLIENT);
    }
  }

  /** On JDK 8 and 11 a rule for remote ends makes this read the kernel's table of connections. */
  private void applyIfConnected(int number, Role role) throws IOException {
    FileDescriptor fd = Kernel.wrap(number);
    if (!Kernel.isTcp(fd) || !Kernel.isConnected(fd)) {
      return;
    }
    if (manager.rules().needRemote()) {
      InetSocketAddress remote = new RemoteAddresses().of(fd);
      manager.opened(fd, number, role, remote.getAddress(), remote.getPort(), null);
    } else {
      manager.opened(fd, number, role, null, 0, null);
    }
  }

  /** Handles an option that the application has set, by the JDK's name for it. */
  public void optionSet(int number, String name) throws IOException {
    optionSet(number, Options.bit(name));
  }

  /** Does the same by the operating system's numbers of level and option. */
  public void optionSet(int number, int level, int option) throws IOException {
    optionSet(number, Options.CURRENT.bit(level, option));
  }

  private void optionSet(int number, int option) throws IOException {
    if (option != 0) {
      manager.optionSet(Kernel.wrap(number), number, option);
    }
  }

  /** Handles a socket that is about to be closed. */
  public void closing(int number) {
    manager.applicationOptions.forget(number);
    manager.table().closed(number);
  }
}
