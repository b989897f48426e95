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
  private final boolean first;
  private boolean late;

  private CloseHooks closes;

  /**
   * Hooks that are not installed yet.
   *
   * @param first whether nobody but the JDK itself can have loaded a class before
   */
  public Hooks(Instrumentation instrumentation, boolean first) {
    this.instrumentation = instrumentation;
    this.first = first;
  }

  /**
   * Opens {@code java.base} to the agent and puts the bridge into it. Changes nothing the
   * application could notice.
   *
   * <p>Must end before {@link ListenerLink} is loaded, which extends what is defined here.
   *
   * @throws ReflectiveOperationException where the JVM lets nobody in
   * @throws IOException when the agent's jar lacks the bridge
   */
  public void prepare() throws ReflectiveOperationException, IOException {
    JavaBase javaBase = JavaBase.current();
    javaBase.open(instrumentation);
    Class<?> bridge;
    try {
      // Left there by an earlier life of the agent: a boot class is never unloaded.
      bridge = Class.forName(BootClasses.BRIDGE.replace('/', '.'), false, null);
    } catch (ClassNotFoundException e) {
      javaBase.define(OwnClassFile.read(BootClasses.WRITTEN));
      return;
    }
    BridgeShape.check(bridge);
  }

  /**
   * From here on every class of the table is woven when it is loaded.
   *
   * <p>Where nobody was before us, and no socket has been in use, none of them is there: nothing is
   * woven now, and the caller does not wait for what weaving needs. Else the first class of the
   * table is loaded here, because every connection goes through it: when it turns out to have been
   * there already (another agent needed it, or this JVM has been running), all others are looked at
   * now as well.
   */
  public void install(Listener listener) {
    instrumentation.addTransformer(transformer, true);
    late = socketsWereUsed() || (!first && complete(rows[0]));
    if (late) {
      complete();
    }
    ListenerLink.install(listener);
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
   * In a JVM that had loaded classes before this agent came: weaves those of native transports. On
   * the agent's thread.
   */
  public void completeTransports() {
    if (!late) {
      return;
    }
    for (Class<?> type : TransportHooks.loaded(instrumentation)) {
      try {
        instrumentation.retransformClasses(type);
      } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
        Failures.add(e);
      }
    }
  }

  /** Loads the classes that any program with a socket needs, ahead of it. */
  public void completeCommon() {
    complete(0, COMMON);
  }

  /**
   * Loads the other classes of the table, so that every row ends as woven, absent or failed.
   *
   * <p>A class is loaded, never initialised. A row that stays pending although its class is there
   * (it was loaded while another agent's transformer ran) is retransformed.
   */
  public void complete() {
    complete(0, rows.length);
  }

  private void complete(int from, int to) {
    for (int i = from; i < to; i++) {
      if (isFirstOfItsClass(i) && rows[i].state() == HookPoint.State.PENDING) {
        complete(rows[i]);
      }
    }
  }

  private boolean isFirstOfItsClass(int index) {
    for (int i = 0; i < index; i++) {
      if (rows[i].owner.equals(rows[index].owner)) {
        return false;
      }
    }
    return true;
  }

  /** Ends the rows of one class; whether it had been loaded before this agent came. */
  private boolean complete(HookPoint row) {
    boolean loadedBefore = false;
    try {
      Class<?> owner = Class.forName(row.owner.replace('/', '.'), false, null);
      loadedBefore = row.state() == HookPoint.State.PENDING;
      if (loadedBefore) {
        instrumentation.retransformClasses(owner);
      }
    } catch (ClassNotFoundException e) {
      transformer.conclude(row.owner, HookPoint.State.ABSENT);
    } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
      transformer.conclude(row.owner, HookPoint.State.FAILED);
      Failures.add(e);
    }
    return loadedBefore;
  }

  /** Whether an agent is at work in this JVM. Only after {@link #prepare}. */
  public static boolean isInstalled() {
    return ListenerLink.isInstalled();
  }

  /**
   * Hands a request to the agent at work in this JVM. Only after {@link #prepare}.
   *
   * @return its answer, or null when there is none
   * @throws Exception when it cannot answer
   */
  public static String ask(String request) throws Exception {
    return ListenerLink.handOver(request);
  }

  /** The hooks at close, not woven until that is asked for. On the agent's thread. */
  public CloseHooks closes() {
    if (closes == null) {
      closes = new CloseHooks(instrumentation);
    }
    return closes;
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
   * Empties the bridge first, then gives the woven classes their original bytes back: the JVM
   * transforms them anew from the bytes it loaded, without us.
   */
  public void remove() throws UnmodifiableClassException {
    ListenerLink.uninstall();
    if (closes != null) {
      closes.remove();
    }
    instrumentation.removeTransformer(transformer);
    List<Class<?>> woven = TransportHooks.loaded(instrumentation);
    for (int i = 0; i < rows.length; i++) {
      if (isFirstOfItsClass(i)) {
        try {
          woven.add(Class.forName(rows[i].owner.replace('/', '.'), false, null));
        } catch (ClassNotFoundException e) {
          // absent on this JDK
        }
      }
    }
    instrumentation.retransformClasses(woven.toArray(new Class<?>[0]));
    // Application threads that were inside a hook when it was emptied may have failed since.
    ListenerLink.forgetFailures();
  }
}
