package io.hbagent.hook;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;

/**
 * Weaves the classes of the table as they are loaded or retransformed.
 *
 * <p>Runs on whichever thread loads a class, for every class the JVM loads, see {@link
 * TransportHooks} for what a class of the application costs. It never throws, and while it works
 * the JVM does not call it again on the same thread, so the classes it needs itself must not be in
 * the table.
 */
final class WeavingTransformer implements ClassFileTransformer {

  private final HookPoint[] rows;
  private final TransportHooks transports;

  /** The class that {@link #wasLoaded} asks about, until the JVM has asked about it here. */
  private volatile String sought;

  /**
   * @param transports what is woven of the application's own classes, or null
   */
  WeavingTransformer(HookPoint[] rows, TransportHooks transports) {
    this.rows = rows;
    this.transports = transports;
  }

  @Override
  public byte[] transform(
      ClassLoader loader,
      String className,
      Class<?> classBeingRedefined,
      ProtectionDomain protectionDomain,
      byte[] classFile) {
    if (className == null) {
      return null;
    }
    if (loader != null) {
      return transports == null ? null : weaveTransport(className, classFile);
    }
    try {
      if (className.equals(sought)) {
        sought = null;
      }
      return knows(className) ? Weaver.weave(rows, className, classFile) : null;
    } catch (Throwable e) {
      conclude(className, HookPoint.State.FAILED);
      Failures.add(e);
      return null;
    }
  }

  private byte[] weaveTransport(String className, byte[] classFile) {
    try {
      return TransportHooks.knows(className) ? transports.weave(className, classFile) : null;
    } catch (Throwable e) {
      Failures.add(e);
      return null;
    }
  }

  /**
   * Loads a class of the boot loader, and tells whether it had been there before: then the JVM does
   * not ask about it. By one thread at a time, once this transformer is at work.
   */
  boolean wasLoaded(String name) throws ClassNotFoundException {
    sought = name.replace('.', '/');
    try {
      Class.forName(name, false, null);
      return sought != null;
    } finally {
      sought = null;
    }
  }

  private boolean knows(String className) {
    for (HookPoint row : rows) {
      if (row.owner.equals(className)) {
        return true;
      }
    }
    return false;
  }

  /** Ends all rows of a class. */
  void conclude(String className, HookPoint.State state) {
    for (HookPoint row : rows) {
      if (row.owner.equals(className)) {
        row.state(state);
      }
    }
  }
}
