package io.hbagent.hook;

import java.io.IOException;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.List;

/**
 * When the JVM asks our transformer about classes, and how those come by it that are there already.
 *
 * <p>To be asked is dear: for each class that is loaded the JVM reads its class file, even of one
 * that it would have taken from its shared archive, makes an array of it and calls Java. So the
 * transformer is registered only while a class may come that is to be woven. There are two ways to
 * register one (package documentation of {@link java.lang.instrument}):
 *
 * <ul>
 *   <li><em>lasting</em>, as a transformer that cannot retransform. What it gives back is the class
 *       from then on, also for other agents that retransform it, so it may go. It is not asked when
 *       a class is retransformed; those that are there are redefined, from the class file the JDK
 *       has of them.
 *   <li><em>always</em>, as a transformer that can retransform. What it gives back holds as long as
 *       it stays, and for it classes that are there are retransformed.
 * </ul>
 *
 * <p>A JVM that starts with us begins lasting, and once all of the table is woven the transformer
 * {@linkplain #rest rests}, until it is {@linkplain #recall recalled}. One that another agent came
 * to before, or that was running already, has it always. So does JDK 8, which calls Java for each
 * class whether a transformer is there or not.
 */
final class Registration {

  private static final boolean CAN_RETRANSFORM = true;

  private final Instrumentation instrumentation;
  private final WeavingTransformer transformer;
  private final TransportHooks transports;

  private boolean beganLasting;
  private boolean always;
  private boolean ended;

  /** Whether there is nothing left that a recall would do. */
  private volatile boolean settled;

  /** The thread that redefines classes for us, which is no reason to recall anything. */
  private volatile Thread redefining;

  Registration(
      Instrumentation instrumentation, WeavingTransformer transformer, TransportHooks transports) {
    this.instrumentation = instrumentation;
    this.transformer = transformer;
    this.transports = transports;
  }

  /** From here on classes are woven as they are loaded. */
  synchronized void begin(boolean lasting) {
    beganLasting = lasting;
    if (lasting) {
      instrumentation.addTransformer(transformer, !CAN_RETRANSFORM);
      transformer.lasting(true);
    } else {
      stay();
    }
  }

  /** Whether there is anything to gain by {@link #rest}. */
  synchronized boolean mayRest() {
    return beganLasting && !always && !ended;
  }

  /** Is asked about no class any more: all that is there is woven for good. */
  synchronized void rest() {
    if (transformer.lasting()) {
      transformer.lasting(false);
      instrumentation.removeTransformer(transformer);
    }
  }

  /** Is asked about every class from here on. */
  synchronized void stay() {
    if (!always && !ended) {
      always = true;
      instrumentation.addTransformer(transformer, CAN_RETRANSFORM);
      rest(); // the JVM takes away the lasting one first
    }
  }

  /** Is asked about no class any more, whatever comes. */
  synchronized void end() {
    rest();
    ended = true;
    settled = true;
    if (always) {
      instrumentation.removeTransformer(transformer);
    }
  }

  /**
   * A class may come that is to be woven, or one of the table in a new shape. On a thread of the
   * application, before either: this is not the place to wait for another of its threads, so each
   * that comes does all there is to do until one has done it.
   */
  void recall() {
    if (settled || Thread.currentThread() == redefining) {
      return;
    }
    stay();
    retransformTransports();
    settled = true;
  }

  /**
   * Has the classes of native transports woven that are there and are not, each by itself: one of
   * an application may be in a state that does not allow it.
   */
  void retransformTransports() {
    for (Class<?> type : TransportHooks.loaded(instrumentation)) {
      try {
        if (transports.original(type) == null) {
          instrumentation.retransformClasses(type);
        }
      } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
        Failures.add(e);
      }
    }
  }

  /**
   * Has classes of the JDK woven that are there already, with all rows there are for them now.
   *
   * @throws IOException when their class files cannot be read
   * @throws UnmodifiableClassException never, for a class of the JDK
   */
  void anew(Class<?>... types) throws IOException, UnmodifiableClassException {
    if (!beganLasting) {
      instrumentation.retransformClasses(types);
      return;
    }
    boolean rested;
    synchronized (this) {
      rested = !transformer.lasting() && !always && !ended;
      if (rested) {
        begin(true);
      }
    }
    try {
      redefine(originals(types));
    } finally {
      if (rested) {
        rest();
      }
    }
  }

  /** After {@link #end}: gives classes back as they were. */
  void restore(List<Class<?>> ofJdk) throws IOException, UnmodifiableClassException {
    List<Class<?>> retransformed = TransportHooks.loaded(instrumentation);
    if (beganLasting) {
      List<ClassDefinition> lasting = originals(ofJdk.toArray(new Class<?>[0]));
      for (Class<?> type : new ArrayList<>(retransformed)) {
        byte[] original = transports.original(type);
        if (original != null) {
          lasting.add(new ClassDefinition(type, original));
          retransformed.remove(type);
        }
      }
      redefine(lasting);
    } else {
      retransformed.addAll(ofJdk);
    }
    instrumentation.retransformClasses(retransformed.toArray(new Class<?>[0]));
  }

  private static List<ClassDefinition> originals(Class<?>... types) throws IOException {
    List<ClassDefinition> originals = new ArrayList<>();
    for (Class<?> type : types) {
      originals.add(new ClassDefinition(type, ClassFiles.ofJdk(type)));
    }
    return originals;
  }

  private void redefine(List<ClassDefinition> classes) throws UnmodifiableClassException {
    redefining = Thread.currentThread();
    try {
      instrumentation.redefineClasses(classes.toArray(new ClassDefinition[0]));
    } catch (ClassNotFoundException e) {
      throw new NoClassDefFoundError(e.toString()); // "never", says Instrumentation
    } finally {
      redefining = null;
    }
  }
}
