package io.hbagent.hook;

import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When the JVM asks our transformer about classes, and how those are woven that are loaded already.
 *
 * <p>To be asked is dear: for each class that is loaded the JVM reads its class file, even of one
 * that it would have taken from its shared archive, makes an array of it and calls Java. So the
 * transformer is registered only while a class may come that is to be woven. There are two ways to
 * register one (package documentation of {@link java.lang.instrument}):
 *
 * <ul>
 *   <li><em>lasting</em>, as a transformer that cannot retransform. What it gives back is the class
 *       from then on, also for other agents that retransform it, so it may go. It is not asked when
 *       a class is retransformed; those that are loaded are redefined, from the class file the JVM
 *       shows of them.
 *   <li><em>always</em>, as a transformer that can retransform. What it gives back holds as long as
 *       it stays, and for it classes that are loaded are retransformed.
 * </ul>
 *
 * <p>A JVM that starts with us begins lasting, and once all of the table is woven the transformer
 * {@linkplain #rest rests}, until it is {@linkplain #recall recalled}. One that another agent came
 * to before, or that was running already, has it always. So does JDK 8, which calls Java for each
 * class whether a transformer is there or not.
 *
 * <p>Its monitor is held for a registration only, never while classes are transformed.
 */
final class TransformerRegistration {

  private static final boolean CAN_RETRANSFORM = true;

  private final Instrumentation instrumentation;
  private final WeavingTransformer transformer;
  private final TransportHooks transports;

  private boolean beganLasting;
  private boolean always;
  private boolean ended;

  /** Whether a recall has nothing to do any more. */
  private volatile boolean settled;

  /** The thread that redefines classes for us, which is no reason to recall anything. */
  private volatile Thread redefining;

  TransformerRegistration(
      Instrumentation instrumentation, WeavingTransformer transformer, TransportHooks transports) {
    this.instrumentation = instrumentation;
    this.transformer = transformer;
    this.transports = transports;
  }

  /** From here on classes are woven as they are loaded. */
  synchronized void begin(boolean lasting) {
    beganLasting = lasting;
    if (lasting) {
      transformer.lasting(true);
      instrumentation.addTransformer(transformer, !CAN_RETRANSFORM);
    } else {
      stay();
      settled = true;
    }
  }

  /** Whether there is anything to gain by {@link #rest}. */
  synchronized boolean mayRest() {
    return beganLasting && !always && !ended;
  }

  /** Is asked about no class any more: all that is loaded is woven for good. */
  synchronized void rest() {
    if (transformer.lasting()) {
      instrumentation.removeTransformer(transformer);
      transformer.lasting(false);
    }
  }

  /** Is asked about every class from here on. */
  synchronized void stay() {
    if (!always && !ended) {
      instrumentation.addTransformer(transformer, CAN_RETRANSFORM);
      always = true;
      rest(); // the JVM takes away the lasting one first
    }
  }

  /** Is asked about no class any more, whatever comes. */
  synchronized void end() {
    ended = true;
    settled = true;
    rest();
    if (always) {
      instrumentation.removeTransformer(transformer);
    }
  }

  /**
   * A class may come that is to be woven, or one of the table in a new shape. On a thread of the
   * application, before either.
   *
   * <p>The first thread that comes weaves what is loaded; a second one goes on at once, because to
   * retransform a class is to wait for whoever is retransforming it, and the two may hold locks of
   * class loaders. So a transport whose classes were loaded before its library is missed if that is
   * loaded in the same few milliseconds as the first library of all.
   */
  void recall() {
    if (settled || Thread.currentThread() == redefining) {
      return;
    }
    synchronized (this) {
      if (settled) {
        return;
      }
      stay();
      settled = true; // inside the monitor: of two threads the second goes on at once
    }
    weaveTransports();
  }

  /**
   * Has the classes of native transports woven that are loaded and are not, each by itself: one of
   * an application may be in a state that does not allow it.
   */
  void weaveTransports() {
    settled = true; // the transformer is registered for good by now
    for (Class<?> type : TransportHooks.loaded(instrumentation)) {
      try {
        if (transports.original(type) == null) {
          retransform(type);
        }
      } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
        Failures.add(e);
      }
    }
  }

  /**
   * Loads the classes of these rows, so that each ends as woven, absent or failed.
   *
   * <p>Those that were loaded before are woven together: for each time a class is redefined or
   * retransformed the JVM stops all threads and looks through every class it has.
   *
   * @return whether any had been loaded before they were in the table
   */
  boolean complete(HookPoint[] rows, int from, int to) {
    List<Class<?>> loadedBefore = new ArrayList<>();
    for (int i = from; i < to; i++) {
      if (HookTable.isFirstOfItsClass(rows, i) && rows[i].state() == HookPoint.State.PENDING) {
        load(rows, rows[i], loadedBefore);
      }
    }
    weaveTogether(rows, loadedBefore);
    return !loadedBefore.isEmpty();
  }

  /** Has one loaded and by that woven; adds it to those that were there, and so are not. */
  private static void load(HookPoint[] rows, HookPoint row, List<Class<?>> loadedBefore) {
    try {
      Class<?> owner = HookTable.owner(row);
      if (row.state() == HookPoint.State.PENDING) {
        loadedBefore.add(owner);
      }
    } catch (ClassNotFoundException e) {
      HookPoint.conclude(rows, row.owner, HookPoint.State.ABSENT);
    } catch (RuntimeException | LinkageError e) {
      fail(rows, row.owner, e);
    }
  }

  /** All at once, or, where the JVM refuses that, each by itself: one must not cost the others. */
  private void weaveTogether(HookPoint[] rows, List<Class<?>> types) {
    if (types.isEmpty()) {
      return;
    }
    try {
      weaveLoaded(types.toArray(new Class<?>[0]));
    } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
      if (types.size() == 1) {
        fail(rows, types.get(0).getName().replace('.', '/'), e);
        return;
      }
      for (Class<?> type : types) {
        weaveTogether(rows, Collections.<Class<?>>singletonList(type));
      }
    }
  }

  private static void fail(HookPoint[] rows, String owner, Throwable e) {
    HookPoint.conclude(rows, owner, HookPoint.State.FAILED);
    Failures.add(e);
  }

  /**
   * Has classes of the JDK woven that are loaded, with all rows there are for them now.
   *
   * @throws UnmodifiableClassException never, for classes of the JDK
   */
  void weaveLoaded(Class<?>... types) throws UnmodifiableClassException {
    boolean rested;
    synchronized (this) {
      rested = mayRest() && !transformer.lasting();
      if (rested) {
        begin(true);
      }
    }
    if (!transformer.lasting()) {
      retransform(types);
      return;
    }
    try {
      redefine(definitions(types, classFiles(types)));
    } finally {
      if (rested) {
        rest();
      }
    }
    if (mayRest() && !lasts(types)) {
      stay();
      retransform(types);
    }
  }

  /**
   * Returns whether what was redefined is what other agents get that retransform it. Until JDK 19
   * it is not where one of them has changed a class before: the JVM keeps the class file it began
   * with (JDK-7124710).
   */
  private boolean lasts(Class<?>... types) throws UnmodifiableClassException {
    Map<Class<?>, byte[]> now = classFiles(types);
    for (Class<?> type : types) {
      if (transformer.isUnwoven(type.getName().replace('.', '/'), now.get(type))) {
        return false;
      }
    }
    return true;
  }

  /** Returns what the JVM shows of classes to a transformer. */
  private Map<Class<?>, byte[]> classFiles(Class<?>... types) throws UnmodifiableClassException {
    WeavingTransformer.ClassFileReader reader = new WeavingTransformer.ClassFileReader();
    instrumentation.addTransformer(reader, CAN_RETRANSFORM);
    try {
      retransform(types);
    } finally {
      instrumentation.removeTransformer(reader);
    }
    return reader.classFiles();
  }

  /**
   * After {@link #end}: gives classes back as they were. Those woven for good are redefined, the
   * others retransformed, so that what other agents have made of them stays.
   *
   * @throws UnmodifiableClassException never, for classes that were woven
   */
  void restore(List<Class<?>> ofJdk) throws UnmodifiableClassException {
    Map<Class<?>, byte[]> lasting = new HashMap<>();
    List<Class<?>> others = new ArrayList<>();
    for (Class<?> type : ofJdk) {
      byte[] original = transformer.original(type);
      if (original == null) {
        others.add(type);
      } else {
        lasting.put(type, original);
      }
    }
    if (!lasting.isEmpty()) {
      redefine(definitions(lasting.keySet().toArray(new Class<?>[0]), lasting));
    }
    // None, where nothing could be woven: a JVM before JDK 9 writes of a failed assertion then.
    if (!others.isEmpty()) {
      retransform(others.toArray(new Class<?>[0]));
    }
    RuntimeException refused = null;
    for (Class<?> type : TransportHooks.loaded(instrumentation)) {
      byte[] original = transports.original(type);
      try {
        if (original == null) {
          retransform(type);
        } else {
          redefine(new ClassDefinition[] {new ClassDefinition(type, original)});
        }
      } catch (RuntimeException e) {
        refused = e; // the others first
      }
    }
    if (refused != null) {
      throw refused;
    }
  }

  private static ClassDefinition[] definitions(Class<?>[] types, Map<Class<?>, byte[]> classFiles) {
    ClassDefinition[] definitions = new ClassDefinition[types.length];
    for (int i = 0; i < types.length; i++) {
      definitions[i] = new ClassDefinition(types[i], classFiles.get(types[i]));
    }
    return definitions;
  }

  private void redefine(ClassDefinition[] classes) throws UnmodifiableClassException {
    redefining = Thread.currentThread();
    try {
      instrumentation.redefineClasses(classes);
    } catch (ClassNotFoundException | InternalError e) {
      throw refusal(e);
    } finally {
      redefining = null;
    }
  }

  private void retransform(Class<?>... types) throws UnmodifiableClassException {
    try {
      instrumentation.retransformClasses(types);
    } catch (InternalError e) {
      throw refusal(e);
    }
  }

  /** The JVM has an error of its own for a class whose initialisation failed, say. */
  private static RuntimeException refusal(Throwable e) {
    return new IllegalStateException("the JVM does not transform a class: " + e.getMessage(), e);
  }
}
