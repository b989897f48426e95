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

  /** The first rows of the table, whose classes any program that opens a socket needs. */
  private static final int COMMON = 2;

  private final Instrumentation instrumentation;
  private final HookPoint[] rows = HookTable.create();
  private final TransportHooks transports = new TransportHooks();
  private final WeavingTransformer transformer = new WeavingTransformer(rows, transports);
  private final TransformerRegistration registration;
  private final boolean first;
  private boolean mayRest;

  private HookPoint[] recalls = {};
  private HookPoint[] closes = {};

  /**
   * Hooks that are not installed yet.
   *
   * @param first whether nobody but the JDK itself can have loaded a class before
   */
  public Hooks(Instrumentation instrumentation, boolean first) {
    this.instrumentation = instrumentation;
    this.registration = new TransformerRegistration(instrumentation, transformer, transports);
    this.first = first;
  }

  /**
   * Opens {@code java.base} to the agent's own module. Leaves nothing behind once the agent's class
   * loader is unloaded.
   *
   * @throws ReflectiveOperationException if this JDK has no known way
   */
  public void openJavaBase() throws ReflectiveOperationException {
    open();
  }

  private JavaBaseAccess open() throws ReflectiveOperationException {
    JavaBaseAccess javaBase = JavaBaseAccess.current();
    javaBase.open(instrumentation);
    mayRest = first && javaBase.asksOnlyWhileRegistered();
    return javaBase;
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
    JavaBaseAccess javaBase = open();
    Class<?> bridge = bridge();
    if (bridge == null) {
      javaBase.define(ClassFiles.own(BootClasses.WRITTEN));
    } else {
      BridgeShape.check(bridge);
    }
  }

  /** Returns whether this JVM has had the agent's hooks, now or before. */
  public static boolean wereInstalledBefore() {
    return bridge() != null;
  }

  /** Writes the agent's version where an agent of another version finds it. */
  public static void setVersion(String text) {
    Listener.setVersion(text);
  }

  private static Class<?> bridge() {
    try {
      return Class.forName(BootClasses.BRIDGE.replace('/', '.'), false, null);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  /**
   * Has every class of the table woven when it is loaded from here on.
   *
   * <p>In a JVM that starts with this agent and has used no socket, none of them is loaded: nothing
   * is woven now, and the caller does not wait for what weaving needs. Where another agent was
   * before, or the JVM has been running, the first class of the table is loaded here, because every
   * connection goes through it: if it was loaded already, all others are woven now as well.
   */
  public void install(Listener listener) {
    registration.begin(mayRest && instrumentation.isRedefineClassesSupported());
    if (socketsWereUsed() || (!first && registration.complete(rows, 0, 1))) {
      registration.stay();
      complete();
    }
    listener.install(registration);
  }

  /**
   * Whether one of the classes is there that come with the first socket of a JVM; loads them
   * otherwise. To ask the JVM for all classes it has loaded would tell more at a higher price, and
   * draws warnings under -Xcheck:jni on JDK 8 to 17.
   */
  private boolean socketsWereUsed() {
    for (String name : HookTable.signsOfUse()) {
      try {
        if (transformer.wasLoaded(name)) {
          return true;
        }
      } catch (ClassNotFoundException e) {
        // not on this JDK
      }
    }
    return false;
  }

  /**
   * Weaves the classes of native transports that were loaded before this agent came: another agent
   * has loaded its own copy, without any class of the table, or this JVM has been running. On the
   * agent's thread.
   */
  public void completeTransports() {
    if (!first) {
      registration.weaveTransports();
    }
  }

  /**
   * Weaves the methods that bring native code, and ends the transformer's registration where what
   * must be seen to register it again is woven too. After {@link #complete}, on the agent's thread;
   * may be called again.
   */
  public void rest() {
    boolean mayRest = registration.mayRest();
    if (recalls.length == 0) {
      recalls = HookTable.recalls(mayRest);
      transformer.add(recalls);
    }
    registration.complete(recalls, 0, recalls.length);
    if (!mayRest) {
      return;
    }
    if (!transports.areThere() && areRecallsSeen() && !isUnderWay()) {
      registration.rest();
      if (!transports.areThere()) { // one may have come before the recalls were woven
        return;
      }
    }
    registration.recall();
  }

  /** Returns whether all recalls are woven; if not, the transformer stays, as on JDK 8. */
  private boolean areRecallsSeen() {
    for (HookPoint row : recalls) {
      if (row.way.equals(HookTable.RECALL) && row.state() != HookPoint.State.WOVEN) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether a thread entered a method of the recalls before they were woven. */
  private boolean isUnderWay() {
    for (StackTraceElement[] stack : Thread.getAllStackTraces().values()) {
      for (StackTraceElement frame : stack) {
        for (HookPoint row : recalls) {
          if (row.method.equals(frame.getMethodName())
              && row.owner.replace('/', '.').equals(frame.getClassName())) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Loads the classes that any program with a socket needs, ahead of it. */
  public void completeCommon() {
    registration.complete(rows, 0, COMMON);
  }

  /**
   * Loads the other classes of the table, so that every row ends as woven, absent or failed.
   *
   * <p>A class is loaded, never initialised. A row that stays pending although its class is there
   * (it was loaded while another agent's transformer ran) is retransformed.
   */
  public void complete() {
    registration.complete(rows, 0, rows.length);
  }

  /** Whether an agent is at work in this JVM. Only after {@link #prepare}. */
  public static boolean isInstalled() {
    return Listener.isInstalled();
  }

  /**
   * Hands a request to the agent at work in this JVM. Only after {@link #prepare}.
   *
   * @return its answer, or null when there is none
   * @throws Exception when it cannot answer
   */
  public static String ask(String request) throws Exception {
    return Listener.handOver(request);
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
    registration.complete(closes, 0, closes.length);
  }

  /** What this JVM has no known method for, in words; empty on every OpenJDK for Linux so far. */
  public List<String> missedWays() {
    return HookTable.missedWays(rows);
  }

  /** The table, in its order, and the rows of the native transports that were loaded so far. */
  public List<HookPoint> rows() {
    List<HookPoint> all = new ArrayList<>(Arrays.asList(rows));
    all.addAll(transports.rows());
    return Collections.unmodifiableList(all);
  }

  /**
   * Empties the bridge first, then gives the woven classes back as they were: the JVM transforms
   * them anew, without us, from what it loaded.
   */
  public void remove() throws UnmodifiableClassException {
    Listener.uninstall();
    registration.end();
    registration.restore(woven());
    // Application threads that were inside a hook when it was emptied may have failed since.
    Listener.forgetFailures();
  }

  /** The classes of the JDK that have a row which was woven, or perhaps half. */
  private List<Class<?>> woven() {
    HookPoint[] all = transformer.rows();
    List<Class<?>> woven = new ArrayList<>();
    for (int i = 0; i < all.length; i++) {
      HookPoint.State state = all[i].state();
      if (state == HookPoint.State.WOVEN || state == HookPoint.State.FAILED) {
        try {
          Class<?> owner = HookTable.owner(all[i]);
          if (!woven.contains(owner)) {
            woven.add(owner);
          }
        } catch (ClassNotFoundException e) {
          throw new NoClassDefFoundError(e.toString()); // it was there
        }
      }
    }
    return woven;
  }
}
