package io.hbagent.runtime;

import io.hbagent.hook.Hooks;
import io.hbagent.hook.Listener;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.Role;
import io.hbagent.keepalive.TransportSockets;
import io.hbagent.tcp.Kernel;
import io.hbagent.watch.Watchdog;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;

/**
 * Delegates the calls of the hooks to the keepalive manager and the watchdog: the packages know
 * nothing of each other.
 */
final class ConnectionListener extends Listener {

  private final KeepaliveManager manager;
  private final AgentThread thread;

  private volatile Watchdog watchdog;

  /**
   * Made when first needed: most programs have no native transport. It holds nothing that changes.
   */
  private TransportSockets transports;

  ConnectionListener(KeepaliveManager manager, AgentThread thread) {
    this.manager = manager;
    this.thread = thread;
  }

  /**
   * Has the hooks call this listener. Not the caller's code: naming this class where a {@link
   * Listener} is expected makes the verifier load both, before the bridge is there.
   */
  void install(Hooks hooks) {
    hooks.install(this);
  }

  @Override
  protected void connecting(FileDescriptor fd, InetAddress remote, int port) throws IOException {
    manager.opened(fd, fd, Role.CLIENT, remote, port, null);
  }

  @Override
  protected void listening(FileDescriptor fd) {
    manager.listening(fd);
  }

  @Override
  protected void accepted(FileDescriptor from, FileDescriptor fd, InetAddress remote, int port)
      throws IOException {
    manager.opened(fd, fd, Role.SERVER, remote, port, from);
  }

  /** From now on closes go to the watchdog. */
  void watchdog(Watchdog newWatchdog) {
    watchdog = newWatchdog;
  }

  @Override
  protected void closing(FileDescriptor fd) throws IOException {
    manager.table().closed(Kernel.number(fd));
    Watchdog current = watchdog;
    if (current != null) {
      current.closing(fd);
    }
  }

  @Override
  protected void optionSet(FileDescriptor fd, Object option) throws IOException {
    manager.optionSet(fd, name(option));
  }

  @Override
  protected void openedNumber(int number) throws IOException {
    transports().opened(number);
  }

  @Override
  protected void connectingNumber(int number, InetAddress remote, int port) throws IOException {
    transports().connecting(number, remote, port);
  }

  @Override
  protected void connectedNumber(int number) throws IOException {
    transports().connected(number);
  }

  @Override
  protected void optionSetNumber(int number, String option) throws IOException {
    transports().optionSet(number, option);
  }

  @Override
  protected void optionSetNumber(int number, int level, int option) throws IOException {
    transports().optionSet(number, level, option);
  }

  @Override
  protected void closingNumber(int number) throws IOException {
    transports().closing(number);
    Watchdog current = watchdog;
    if (current != null) {
      current.closing(Kernel.wrap(number));
    }
  }

  private TransportSockets transports() {
    TransportSockets known = transports;
    if (known == null) {
      known = new TransportSockets(manager);
      transports = known;
    }
    return known;
  }

  @Override
  protected void nativeCode() {
    if (!thread.isCurrent()) { // which reads TCP_INFO by a foreign function
      manager.nativeCode();
    }
  }

  @Override
  protected String command(String request) {
    return thread.ask(request);
  }
}
