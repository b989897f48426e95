package io.hbagent.hook;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The hooks at close, apart from the others: woven when the watchdog is switched on, on the agent's
 * thread, so that a start without it does not pay for them.
 */
public final class CloseHooks {

  private final TransformerRegistration registration;
  private final WeavingTransformer transformer;
  private final HookPoint[] rows = HookTable.closes();
  private boolean woven;

  CloseHooks(TransformerRegistration registration, WeavingTransformer transformer) {
    this.registration = registration;
    this.transformer = transformer;
  }

  /** Weaves them, the first time; every row ends as woven, absent or failed. */
  public void weave() {
    if (!woven) {
      woven = true;
      transformer.add(rows);
      registration.complete(rows, 0, rows.length);
    }
  }

  /** The table, in its order; all pending until they are woven. */
  public List<HookPoint> rows() {
    return Collections.unmodifiableList(Arrays.asList(rows));
  }
}
