package io.hbagent.hook;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Installs and removes the hooks of one JVM.
 *
 * <p>{@link #prepare} and {@link #install} end before the application's main: from then on a class
 * of the table cannot be used without being woven. {@link #complete} runs on the agent's thread
 * beside it and only brings forward what would happen anyway.
 */
public final class Hooks {

  /** Small, with branches, a handler and frames: everything that is copied in a method. */
  private static final String SAMPLE = "io/hbagent/hook/JavaBase";

  private final Instrumentation instrumentation;
  private final HookPoint[] rows = HookTable.create();
  private final WeavingTransformer transformer;
  private final boolean first;
  private JavaBase javaBase;
  private boolean mayDeregister;

  private HookPoint[] triggers = {};
  private HookPoint[] closes = {};

  /**
   * Creates hooks that are not installed yet.
   *
   * @param first whether only the JDK itself can have loaded a class before
   */
  public Hooks(Instrumentation instrumentation, boolean first) {
    this.instrumentation = instrumentation;
    this.transformer = new WeavingTransformer(instrumentation, rows);
    this.first = first;
  }

  /**
   * Loads what weaving needs, the most expensive part of the start: weaves a class of the agent and
   * drops it. On the agent's thread, from the first moment on, beside the main thread.
   *
   * @throws IOException if the jar is not whole
   */
  public static void preload() throws IOException {
    HookPoint row = new HookPoint(SAMPLE, "current()", HookPoint.ENTRY, "connect name:x", "", "");
    Weaver.weave(new HookPoint[] {row}, SAMPLE, JavaBase.classFile(SAMPLE));
  }

  /**
   * Opens {@code java.base} to the agent's own module. Leaves nothing behind once the agent's class
   * loader is unloaded.
   *
   * @throws ReflectiveOperationException if this JDK has no known way
   */
  public void openJavaBase() throws ReflectiveOperationException {
    javaBase = JavaBase.current();
    javaBase.open(instrumentation);
    mayDeregister = first && javaBase.showsClassesOnlyToTransformers();
  }

  /** Opens the JVM's thread dump to the agent's own module; initialises nothing. */
  public void openManagement() {
    javaBase.openManagement(instrumentation);
  }

  /**
   * Opens {@code java.base} to the agent and puts the bridge into it. Changes nothing the
   * application could notice, but a boot class is never unloaded: it stays until the JVM ends.
   *
   * <p>Must end before {@link Listener} is loaded, which extends what is defined here.
   *
   * @throws ReflectiveOperationException if the JVM refuses, or holds another version's bridge
   * @throws IOException if the agent's jar lacks the bridge
   */
  public void prepare() throws ReflectiveOperationException, IOException {
    openJavaBase();
    Class<?> bridge = JavaBase.bridge();
    if (bridge == null) {
      javaBase.defineBridge();
    } else {
      JavaBase.checkShape(bridge);
    }
  }

  /** Returns whether this JVM has had the agent's hooks, now or before. */
  public static boolean wereInstalledBefore() {
    return JavaBase.bridge() != null;
  }

  /** Writes the agent's version where an agent of another version finds it. */
  public static void setVersion(String text) {
    Bridge.version = text;
  }

  /** Returns whether an agent is at work in this JVM. Only after {@link #prepare}. */
  public static boolean isInstalled() {
    return Bridge.installed != null;
  }

  /**
   * Hands a request to the agent at work in this JVM. Only after {@link #prepare}.
   *
   * @return its answer, or null if there is none
   * @throws Exception if it cannot answer
   */
  public static String ask(String request) throws Exception {
    return Bridge.ask(request);
  }

  /**
   * Has every class of the table woven when it is loaded from here on.
   *
   * <p>In a JVM that starts with this agent none of them is loaded: nothing is woven now, and the
   * caller does not wait for what weaving needs. Where another agent was before, or the JVM has
   * been running, all are loaded and woven now.
   */
  public void install(Listener listener) {
    transformer.begin(!mayDeregister);
    if (!first) {
      transformer.complete(rows);
    }
    listener.install(transformer);
  }

  /** Loads the classes that any program with a socket needs, ahead of it. */
  public void completeCommon() {
    transformer.complete(Arrays.copyOf(rows, HookTable.COMMON));
  }

  /**
   * Loads the other classes of the table, so that every row ends as woven, absent or failed; weaves
   * the methods that bring native code; and deregisters the transformer where it can be registered
   * again in time. On the agent's thread; may be called again.
   *
   * <p>A class is loaded, never initialised. A row that stays pending although its class is there
   * (it was loaded while another agent's transformer ran) is retransformed.
   */
  public void complete() {
    transformer.complete(rows);
    if (!first) {
      // Another agent may have loaded a native transport, without any class of the table.
      transformer.weaveTransports();
    }
    boolean deregisters = transformer.mayDeregister();
    if (triggers.length == 0) {
      triggers = HookTable.triggers(deregisters);
      transformer.add(triggers);
    }
    transformer.complete(triggers);
    if (deregisters) {
      transformer.deregister(triggers);
    }
  }

  /**
   * Weaves the hooks at close, which only the watchdog needs, so that a start without it does not
   * pay for them; every row ends as woven, absent or failed. May be called again. On the agent's
   * thread.
   */
  public void weaveCloses() {
    if (closes.length == 0) {
      closes = HookTable.closes();
      transformer.add(closes);
    }
    transformer.complete(closes);
  }

  /** Returns what this JVM has no known method for; empty on every OpenJDK for Linux so far. */
  public List<String> missedOperations() {
    return HookTable.missedOperations(rows);
  }

  /** Returns the options this JVM was started with; empty where they cannot be had. */
  public List<String> jvmOptions() {
    try {
      return Arrays.asList(javaBase.jvmOptions());
    } catch (ReflectiveOperationException | RuntimeException e) {
      return Collections.emptyList();
    }
  }

  /** Returns the table, in its order, and the rows of the native transports loaded so far. */
  public List<HookPoint> rows() {
    List<HookPoint> all = new ArrayList<>(Arrays.asList(rows));
    all.addAll(transformer.transports().rows());
    return Collections.unmodifiableList(all);
  }

  /** Empties the bridge first, then gives the woven classes back as they were. */
  public void remove() throws UnmodifiableClassException {
    Listener.uninstall();
    transformer.end();
    transformer.restore();
    // Application threads that were inside a hook when it was emptied may have failed since.
    Listener.uninstall();
  }
}
