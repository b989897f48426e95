package io.hbagent.hook;

import java.io.FileDescriptor;
import java.net.InetAddress;
import java.net.SocketOption;

/**
 * The one class of the agent that is linked to the {@link Bridge} inside {@code java.base}.
 *
 * <p>Its class file is renamed when the jar is made, see {@link BootClasses#mustRename}. It turns
 * what the bridge hears into calls of a {@link Listener}.
 */
@SuppressWarnings("LockOnNonEnclosingClassLiteral") // see uninstall()
final class ListenerLink extends Bridge {

  private final Listener listener;
  private final TransformerRegistration registration;

  private ListenerLink(Listener listener, TransformerRegistration registration) {
    this.listener = listener;
    this.registration = registration;
  }

  static void install(Listener listener, TransformerRegistration registration) {
    ListenerLink link = new ListenerLink(listener, registration);
    synchronized (Bridge.class) {
      installed = link;
    }
  }

  /**
   * Empties the bridge, unless an agent has taken its place there: each life of the agent has a
   * class loader of its own, and so another class of this name. Under a lock that all of them have
   * in common: one that was given up may come to this while the next one is installed.
   */
  static void uninstall() {
    synchronized (Bridge.class) {
      if (installed instanceof ListenerLink) {
        installed = null;
        forget();
      }
    }
  }

  static void forgetFailures() {
    synchronized (Bridge.class) {
      if (installed == null) {
        forget();
      }
    }
  }

  static void setVersion(String text) {
    version = text;
  }

  static String handOver(String request) throws Exception {
    return ask(request);
  }

  static boolean isInstalled() {
    return installed != null;
  }

  static void fail(Throwable e) {
    failed(e);
  }

  static int failureCount() {
    return failures;
  }

  static Throwable first() {
    return firstFailure;
  }

  @Override
  protected String command(String request) throws Exception {
    return listener.command(request);
  }

  @Override
  protected void recall() {
    registration.recall();
  }

  @Override
  protected void nativeCode() {
    listener.nativeCode();
  }

  @Override
  protected void connecting(FileDescriptor fd, InetAddress remote, int port) throws Exception {
    listener.connecting(fd, remote, port);
  }

  @Override
  protected void accepted(FileDescriptor fd, InetAddress remote, int port) throws Exception {
    listener.accepted(fd, remote, port);
  }

  @Override
  protected void closing(FileDescriptor fd) throws Exception {
    listener.closing(fd);
  }

  @Override
  protected void optionSet(FileDescriptor fd, Object option) throws Exception {
    listener.optionSet(
        fd, option instanceof SocketOption ? ((SocketOption<?>) option).name() : (String) option);
  }

  @Override
  protected void openedNumber(int number) throws Exception {
    listener.opened(number);
  }

  @Override
  protected void connectingNumber(int number, InetAddress remote, int port) throws Exception {
    listener.connecting(number, remote, port);
  }

  @Override
  protected void connectedNumber(int number) throws Exception {
    listener.connected(number);
  }

  @Override
  protected void optionSetNumber(int number, String option) throws Exception {
    listener.optionSet(number, option);
  }

  @Override
  protected void optionSetNumber(int number, int level, int option) throws Exception {
    listener.optionSet(number, level, option);
  }

  @Override
  protected void closingNumber(int number) throws Exception {
    listener.closing(number);
  }
}
