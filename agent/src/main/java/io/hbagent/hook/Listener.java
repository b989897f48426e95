package io.hbagent.hook;

import java.net.SocketOption;

/**
 * The receiver of the {@link Bridge}'s calls.
 *
 * <p>Linked to the bridge inside {@code java.base}, see {@link JavaBase#mustRename}. This class and
 * its subclass must not be loaded before {@link Hooks#prepare} has defined the bridge.
 *
 * <p>A subclass is called on the application's threads, inside its connect or accept, possibly
 * while they hold locks of the JDK. It may throw: the bridge counts it and the application never
 * sees it. It must not block, log, or open a connection itself.
 */
@SuppressWarnings({"LockOnNonEnclosingClassLiteral", "StaticAssignmentOfThrowable"}) // uninstall()
public abstract class Listener extends Bridge {

  private WeavingTransformer transformer;

  /** For the subclass. */
  protected Listener() {}

  final void install(WeavingTransformer newTransformer) {
    transformer = newTransformer;
    synchronized (Bridge.class) {
      installed = this;
    }
  }

  /**
   * Empties the bridge and forgets the failures, whose stack traces would keep the classes of an
   * agent that is gone. Not if the bridge holds the listener of another agent, whose class loader,
   * and so whose class of this name, is another one. Under a lock that all of them have in common:
   * an agent that hung may call this while the next one is installed.
   */
  static void uninstall() {
    synchronized (Bridge.class) {
      if (installed instanceof Listener) {
        installed = null;
      }
      if (installed == null) {
        failures = 0;
        firstFailure = null;
      }
    }
  }

  /** Returns the name of an option that {@link #optionSet} was given. */
  protected static String name(Object option) {
    return option instanceof SocketOption ? ((SocketOption<?>) option).name() : (String) option;
  }

  @Override
  protected final void reregister() {
    transformer.reregister();
  }
}
