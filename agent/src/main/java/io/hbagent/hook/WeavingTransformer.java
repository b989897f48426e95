package io.hbagent.hook;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * Weaves the classes of the table as they are loaded or retransformed, and is registered with the
 * JVM while a class may come that is to be woven.
 *
 * <p>A registered transformer slows every class load: the JVM reads the class file, even of a class
 * that it takes from its shared archive, makes an array of it and calls Java. 10,000 classes took
 * 100 to 190 ms longer, of 1.7 s. So in a JVM that starts with this agent it is {@linkplain
 * #deregister deregistered} once the table is woven, and {@linkplain #reregister registered again}
 * by the hooks at which a class to be woven may come, or lose what was woven. It stays registered
 * from the beginning in a JVM that another agent came to before or that was running already, and on
 * JDK 8, which calls Java for each class whether a transformer is registered or not.
 *
 * <p>{@link #transform} runs on the thread that loads a class. It never throws, and while it works
 * the JVM does not call it again on the same thread, so the classes it needs itself must not be in
 * the table. The monitor is held for a registration only, never while classes are transformed.
 */
final class WeavingTransformer implements ClassFileTransformer {

  private final Instrumentation instrumentation;
  private final TransportHooks transports = new TransportHooks();
  private volatile HookPoint[] rows;

  // Written under the monitor. Once always is set it is registered until ended is, which is final.
  private boolean registered;
  private volatile boolean always;
  private volatile boolean ended;

  /** The thread that retransforms classes for this agent, which is no reason to register again. */
  private volatile Thread retransforming;

  WeavingTransformer(Instrumentation instrumentation, HookPoint[] rows) {
    this.instrumentation = instrumentation;
    this.rows = rows;
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
    try {
      if (loader != null) {
        return TransportHooks.knows(className) ? transports.weave(className, classFile) : null;
      }
      return knows(className) ? Weaver.weave(rows, className, classFile) : null;
    } catch (Throwable e) {
      fail(className, e);
      return null;
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

  private void fail(String className, Throwable e) {
    HookPoint.conclude(rows, className, HookPoint.State.FAILED);
    Failures.add(e);
  }

  /** Adds rows to the table, for classes that are loaded or retransformed from here on. */
  void add(HookPoint[] more) {
    HookPoint[] all = Arrays.copyOf(rows, rows.length + more.length);
    System.arraycopy(more, 0, all, rows.length, more.length);
    rows = all;
  }

  TransportHooks transports() {
    return transports;
  }

  /**
   * Registers the transformer for the first time.
   *
   * @param forGood whether it stays registered until the end
   */
  synchronized void begin(boolean forGood) {
    register();
    always |= forGood;
  }

  /** Keeps the transformer registered until the end. */
  void stay() {
    begin(true);
  }

  private synchronized boolean register() {
    if (registered || ended) {
      return false;
    }
    instrumentation.addTransformer(this, true);
    registered = true;
    return true;
  }

  private synchronized void remove() {
    if (registered && (ended || !always)) {
      instrumentation.removeTransformer(this);
      registered = false;
    }
  }

  /** Deregisters the transformer, whatever comes. */
  synchronized void end() {
    ended = true;
    remove();
  }

  /** Returns whether there is anything to deregister. */
  boolean mayDeregister() {
    return !always && !ended;
  }

  /**
   * Deregisters the transformer, unless a native transport was loaded already or one of the hooks
   * that register it again was passed before it was woven, or could not be woven.
   *
   * @param triggers the rows of those hooks, all concluded
   */
  void deregister(HookPoint[] triggers) {
    if (transports.areThere() || !areWoven(triggers) || isUnderWay(triggers)) {
      stay();
      return;
    }
    remove();
    if (transports.areThere()) { // one came in between
      reregister();
    }
  }

  private static boolean areWoven(HookPoint[] triggers) {
    for (HookPoint row : triggers) {
      if (row.operation.equals(HookTable.TRIGGER) && row.state() != HookPoint.State.WOVEN) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether a thread entered one of the methods before it was woven. */
  private static boolean isUnderWay(HookPoint[] triggers) {
    Collection<StackTraceElement[]> stacks = Thread.getAllStackTraces().values();
    for (HookPoint row : triggers) {
      String className = row.className();
      String method = row.methodName();
      for (StackTraceElement[] stack : stacks) {
        for (StackTraceElement frame : stack) {
          if (method.equals(frame.getMethodName()) && className.equals(frame.getClassName())) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /**
   * Registers the transformer for good, because a class may come that is to be woven, or one of the
   * table may be redefined or retransformed. On a thread of the application, before either.
   *
   * <p>The first thread weaves the transports that are loaded; a second one goes on at once,
   * because to retransform a class is to wait for the thread that retransforms it, and the two may
   * hold locks of class loaders. So a transport whose classes were loaded before its library is
   * missed if that is loaded in the same few milliseconds as the first library of all.
   */
  void reregister() {
    if (always || ended || Thread.currentThread() == retransforming) {
      return;
    }
    synchronized (this) {
      if (always || ended) {
        return;
      }
      stay();
    }
    weaveTransports();
  }

  /**
   * Weaves the classes of native transports that are loaded, each by itself: one of an application
   * may be in a state that does not allow it.
   */
  void weaveTransports() {
    for (Class<?> type : TransportHooks.loaded(instrumentation)) {
      try {
        retransform(type);
      } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
        Failures.add(e);
      }
    }
  }

  /**
   * Loads the classes of some rows of the table, so that each ends as woven, absent or failed.
   *
   * <p>Those that were loaded before are retransformed together: for each time the JVM stops all
   * threads and looks through every class it has.
   */
  void complete(HookPoint... wanted) {
    boolean added = register();
    try {
      retransformEach(load(wanted));
    } finally {
      if (added) {
        remove();
      }
    }
  }

  /**
   * Loads classes, which weaves them, and returns those that had been loaded, and are not woven.
   */
  private List<Class<?>> load(HookPoint[] wanted) {
    List<Class<?>> loadedBefore = new ArrayList<>();
    for (HookPoint row : wanted) {
      if (row.state() == HookPoint.State.PENDING) {
        try {
          Class<?> owner = row.load();
          if (row.state() == HookPoint.State.PENDING && !loadedBefore.contains(owner)) {
            loadedBefore.add(owner);
          }
        } catch (ClassNotFoundException e) {
          HookPoint.conclude(rows, row.owner, HookPoint.State.ABSENT);
        } catch (RuntimeException | LinkageError e) {
          fail(row.owner, e);
        }
      }
    }
    return loadedBefore;
  }

  /** All at once or, where the JVM refuses that, each by itself: one must not cost the others. */
  private void retransformEach(List<Class<?>> types) {
    if (types.isEmpty()) {
      return;
    }
    try {
      retransform(types.toArray(new Class<?>[0]));
    } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
      if (types.size() == 1) {
        fail(types.get(0).getName().replace('.', '/'), e);
        return;
      }
      for (Class<?> type : types) {
        retransformEach(Collections.<Class<?>>singletonList(type));
      }
    }
  }

  /**
   * Gives the woven classes back as they were, after {@link #end}: the JVM transforms them without
   * this agent. What other agents have made of them stays.
   *
   * @throws UnmodifiableClassException never, for classes that were woven
   */
  void restore() throws UnmodifiableClassException {
    List<Class<?>> woven = new ArrayList<>();
    for (HookPoint row : rows) {
      if (row.state() == HookPoint.State.WOVEN || row.state() == HookPoint.State.FAILED) {
        try {
          Class<?> owner = row.load();
          if (!woven.contains(owner)) {
            woven.add(owner);
          }
        } catch (ClassNotFoundException e) {
          throw new NoClassDefFoundError(e.toString()); // it was there
        }
      }
    }
    // If nothing could be woven: for an empty list a JVM before JDK 9 prints a failed assertion.
    if (!woven.isEmpty()) {
      retransform(woven.toArray(new Class<?>[0]));
    }
    RuntimeException refused = null;
    for (Class<?> type : TransportHooks.loaded(instrumentation)) {
      try {
        retransform(type);
      } catch (RuntimeException e) {
        refused = e; // the others first
      }
    }
    if (refused != null) {
      throw refused;
    }
  }

  private void retransform(Class<?>... types) throws UnmodifiableClassException {
    retransforming = Thread.currentThread();
    try {
      instrumentation.retransformClasses(types);
    } catch (InternalError e) {
      // The JVM's own, for a class whose initialisation failed, say.
      throw new IllegalStateException("the JVM does not transform a class: " + e.getMessage(), e);
    } finally {
      retransforming = null;
    }
  }
}
