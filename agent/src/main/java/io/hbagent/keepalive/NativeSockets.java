package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.RemoteAddresses;
import io.hbagent.tcp.TcpInfo;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Keeps the policy on the sockets of native transports, which are known by their number only.
 *
 * <p>On the application's threads, inside the transport's own calls; what is thrown is counted by
 * the bridge and never reaches the application. The number is that of a socket the transport has
 * open at this moment, so it cannot be another's. A descriptor object is allocated for each call.
 */
public final class NativeSockets {

  private final KeepaliveManager keeper;

  /** The native transports of one JVM. */
  public NativeSockets(KeepaliveManager keeper) {
    this.keeper = keeper;
  }

  /**
   * A socket was made: accepted and connected already, or new. A new one is left as it is until it
   * connects, because it may come to be a listener, from which others inherit.
   */
  public void opened(int number) throws IOException {
    keeper.ownChoices().forget(number);
    keeper.table().closed(number); // whatever had the number before is gone
    FileDescriptor fd = Kernel.wrap(number);
    if (Kernel.isTcp(fd) && isConnected(fd)) {
      keep(number, fd, Role.SERVER);
    }
  }

  /** It is about to connect; the address is null when it is not resolved. */
  public void connecting(int number, InetAddress remote, int port) throws IOException {
    keeper.keep(Kernel.wrap(number), number, Role.CLIENT, remote, port);
  }

  /** It may have connected without passing {@link #connecting}; called again and again. */
  public void connected(int number) throws IOException {
    ConnectionTable table = keeper.table();
    if (table.entry(number) == ConnectionTable.UNKNOWN || table.isClosed(number)) {
      FileDescriptor fd = Kernel.wrap(number);
      if (Kernel.isTcp(fd) && isConnected(fd)) {
        keep(number, fd, Role.CLIENT);
      }
    }
  }

  /** On JDK 8 and 11 a rule for remote ends makes this read the kernel's table of connections. */
  private void keep(int number, FileDescriptor fd, Role role) throws IOException {
    InetSocketAddress remote = keeper.rules().needRemote() ? new RemoteAddresses().of(fd) : null;
    keeper.keep(
        fd,
        number,
        role,
        remote == null ? null : remote.getAddress(),
        remote == null ? 0 : remote.getPort());
  }

  /** Where the kernel does not tell the state, its remote end does: only a connection has one. */
  private static boolean isConnected(FileDescriptor fd) throws IOException {
    if (!Kernel.numbers().hasInfo()) {
      try {
        return new RemoteAddresses().of(fd) != null;
      } catch (IOException e) {
        return false;
      }
    }
    int state = TcpInfo.state(Kernel.info(fd));
    return state != TcpInfo.CLOSE && state != TcpInfo.LISTEN && state != TcpInfo.SYN_SENT;
  }

  /** The application has set an option, given by the JDK's name for it. */
  public void optionSet(int number, String name) throws IOException {
    keeper.optionSet(Kernel.wrap(number), number, Options.bit(name));
  }

  /** The same, given by the operating system's numbers of level and option. */
  public void optionSet(int number, int level, int option) throws IOException {
    String name = Kernel.numbers().name(level, option);
    if (name != null) {
      optionSet(number, name);
    }
  }

  /** It is about to be closed. */
  public void closing(int number) {
    keeper.ownChoices().forget(number);
  }
}
