package io.hbagent.hook;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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

  /** True if what is woven stays so when this goes, see {@link TransformerRegistration}. */
  private volatile boolean lasting;

  /** By name: the class files of those woven for good, as they were before. */
  private final Map<String, byte[]> originals = new HashMap<>();

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
        keep(className, classFile);
      }
      return woven;
    } catch (Throwable e) {
      HookPoint.conclude(rows, className, HookPoint.State.FAILED);
      Failures.add(e);
      return null;
    }
  }

  /** Of a class that is woven once more, what it was before the first time. */
  private void keep(String className, byte[] classFile) {
    synchronized (originals) {
      if (!lasting) {
        originals.remove(className);
      } else if (!originals.containsKey(className)) {
        originals.put(className, classFile);
      }
    }
  }

  /**
   * Returns the class file of a class of the JDK before it was woven for good; null for one that
   * was not, or that was redefined since.
   */
  byte[] original(Class<?> type) {
    synchronized (originals) {
      return originals.get(type.getName().replace('.', '/'));
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

  /** Returns whether a class file of a class of the table lacks a call. */
  boolean isUnwoven(String className, byte[] classFile) {
    return Weaver.weave(rows, className, classFile) != null;
  }

  /**
   * Takes the class files that the JVM shows of some classes when they are retransformed, and
   * changes nothing. Not from the JDK's own files: to read those initialises its file system and
   * its reader of modules on our thread, for good, with the system properties of that moment.
   */
  static final class ClassFileReader implements ClassFileTransformer {

    private final Map<Class<?>, byte[]> classFiles = new ConcurrentHashMap<>();

    @Override
    public byte[] transform(
        ClassLoader loader,
        String className,
        Class<?> classBeingRedefined,
        ProtectionDomain protectionDomain,
        byte[] classFile) {
      if (classBeingRedefined != null) {
        classFiles.put(classBeingRedefined, classFile);
      }
      return null;
    }

    /** By class; also of those that others retransformed at the same time. */
    Map<Class<?>, byte[]> classFiles() {
      return classFiles;
    }
  }
}
