package io.hbagent.hook;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Weaves the classes of the table as they are loaded or retransformed.
 *
 * <p>Runs on whichever thread loads a class, for every class the JVM loads while it is registered,
 * see {@link TransformerRegistration}; what a class of the application costs, see {@link
 * TransportHooks}. It never throws, and while it works the JVM does not call it again on the same
 * thread, so the classes it needs itself must not be in the table.
 */
final class WeavingTransformer implements ClassFileTransformer {

  private volatile HookPoint[] rows;
  private final TransportHooks transports;

  /** Whether what is woven stays so when this goes, see {@link TransformerRegistration}. */
  private volatile boolean lasting;

  private final List<String> lastingNames = new ArrayList<>();

  /** The class that {@link #wasLoaded} asks about, until the JVM has asked about it here. */
  private volatile String sought;

  /**
   * @param transports what is woven of the application's own classes
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
      return weaveTransport(loader, className, classFile);
    }
    try {
      if (className.equals(sought)) {
        sought = null;
      }
      if (!knows(className)) {
        return null;
      }
      byte[] woven = Weaver.weave(rows, className, classFile);
      if (woven != null) {
        noteLasting(className);
      }
      return woven;
    } catch (Throwable e) {
      HookPoint.conclude(rows, className, HookPoint.State.FAILED);
      Failures.add(e);
      return null;
    }
  }

  private void noteLasting(String className) {
    synchronized (lastingNames) {
      lastingNames.remove(className);
      if (lasting) {
        lastingNames.add(className);
      }
    }
  }

  /** Whether a class of the JDK was woven for good, and was not redefined since. */
  boolean isLasting(Class<?> type) {
    synchronized (lastingNames) {
      return lastingNames.contains(type.getName().replace('.', '/'));
    }
  }

  private byte[] weaveTransport(ClassLoader loader, String className, byte[] classFile) {
    try {
      if (!TransportHooks.knows(className)) {
        return null;
      }
      byte[] woven = transports.weave(className, classFile);
      if (lasting && woven != null) {
        transports.keep(loader, className, classFile);
      }
      return woven;
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

  HookPoint[] rows() {
    return rows;
  }

  boolean lasting() {
    return lasting;
  }

  void lasting(boolean yes) {
    lasting = yes;
  }

  /** Adds rows to the table, for classes that are loaded or transformed from here on. */
  void add(HookPoint[] more) {
    HookPoint[] all = Arrays.copyOf(rows, rows.length + more.length);
    System.arraycopy(more, 0, all, rows.length, more.length);
    rows = all;
  }

  private boolean knows(String className) {
    for (HookPoint row : rows) {
      if (row.owner.equals(className)) {
        return true;
      }
    }
    return false;
  }

  /** Looks at what the JVM shows of the classes of the table, and changes nothing. */
  final class Witness implements ClassFileTransformer {

    private volatile boolean sawUnwoven;

    @Override
    public byte[] transform(
        ClassLoader loader,
        String className,
        Class<?> classBeingRedefined,
        ProtectionDomain protectionDomain,
        byte[] classFile) {
      try {
        if (loader == null && className != null && knows(className)) {
          sawUnwoven |= Weaver.weave(rows, className, classFile) != null;
        }
      } catch (Throwable e) {
        sawUnwoven = true; // which is the cautious answer
        Failures.add(e);
      }
      return null;
    }

    /** Whether one of them lacked a call. */
    boolean sawUnwoven() {
      return sawUnwoven;
    }
  }

  Witness witness() {
    return new Witness();
  }
}
