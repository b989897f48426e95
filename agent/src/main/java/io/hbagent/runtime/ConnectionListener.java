package io.hbagent.runtime;

import io.hbagent.hook.Listener;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.NativeSockets;
import io.hbagent.keepalive.Role;
import io.hbagent.tcp.Kernel;
import io.hbagent.watch.Watchdog;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;

/**
 * Delegates the calls of the hooks to the keepalive manager and the watchdog: the packages know
 * nothing of each other.
 */
final class ConnectionListener implements Listener {

  private final KeepaliveManager manager;
  private final AgentThread thread;

  private volatile Watchdog watchdog;

  /**
   * Made when first needed: most programs have no native transport. It holds nothing that changes.
   */
  private NativeSockets transports;

  ConnectionListener(KeepaliveManager manager, AgentThread thread) {
    this.manager = manager;
    this.thread = thread;
  }

  @Override
  public void connecting(FileDescriptor fd, InetAddress remote, int port) throws IOException {
    manager.opened(fd, fd, Role.CLIENT, remote, port);
  }

  @Override
  public void accepted(FileDescriptor fd, InetAddress remote, int port) throws IOException {
    manager.opened(fd, fd, Role.SERVER, remote, port);
  }

  /** From now on closes go to the watchdog. */
  void watchdog(Watchdog newWatchdog) {
    watchdog = newWatchdog;
  }

  @Override
  public void closing(FileDescriptor fd) throws IOException {
    Watchdog current = watchdog;
    if (current != null) {
      current.closing(fd);
    }
  }

  @Override
  public void optionSet(FileDescriptor fd, String option) throws IOException {
    manager.optionSet(fd, option);
  }

  @Override
  public void opened(int number) throws IOException {
    transports().opened(number);
  }

  @Override
  public void connecting(int number, InetAddress remote, int port) throws IOException {
    transports().connecting(number, remote, port);
  }

  @Override
  public void connected(int number) throws IOException {
    transports().connected(number);
  }

  @Override
  public void optionSet(int number, String option) throws IOException {
    transports().optionSet(number, option);
  }

  @Override
  public void optionSet(int number, int level, int option) throws IOException {
    transports().optionSet(number, level, option);
  }

  @Override
  public void closing(int number) throws IOException {
    transports().closing(number);
    Watchdog current = watchdog;
    if (current != null) {
      current.closing(Kernel.wrap(number));
    }
  }

  private NativeSockets transports() {
    NativeSockets known = transports;
    if (known == null) {
      known = new NativeSockets(manager);
      transports = known;
    }
    return known;
  }

  @Override
  public void nativeCode() {
    manager.nativeCode();
  }

  @Override
  public String command(String request) {
    return thread.requests().ask(request);
  }
}
