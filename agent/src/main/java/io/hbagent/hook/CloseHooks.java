package io.hbagent.hook;

import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The hooks at close, apart from the others: woven when the watchdog is switched on, on the agent's
 * thread, so that a start without it does not pay for them.
 */
public final class CloseHooks {

  private final Instrumentation instrumentation;
  private final HookPoint[] rows = HookTable.closes();
  private final WeavingTransformer transformer = new WeavingTransformer(rows, null);
  private boolean woven;

  CloseHooks(Instrumentation instrumentation) {
    this.instrumentation = instrumentation;
  }

  /** Weaves them, the first time; every row ends as woven, absent or failed. */
  public void weave() {
    if (!woven) {
      woven = true;
      instrumentation.addTransformer(transformer, true);
      retransform();
    }
  }

  private void retransform() {
    String before = "";
    for (HookPoint row : rows) {
      if (!row.owner.equals(before)) {
        before = row.owner;
        retransform(row);
      }
    }
  }

  private void retransform(HookPoint row) {
    try {
      Class<?> owner = Class.forName(row.owner.replace('/', '.'), false, null);
      instrumentation.retransformClasses(owner);
    } catch (ClassNotFoundException e) {
      transformer.conclude(row.owner, HookPoint.State.ABSENT);
    } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
      transformer.conclude(row.owner, HookPoint.State.FAILED);
      Failures.add(e);
    }
  }

  /** Gives the woven classes back as they were. */
  void remove() {
    if (woven) {
      woven = false;
      instrumentation.removeTransformer(transformer);
      retransform();
    }
  }

  /** The table, in its order; all pending until they are woven. */
  public List<HookPoint> rows() {
    return Collections.unmodifiableList(Arrays.asList(rows));
  }
}
