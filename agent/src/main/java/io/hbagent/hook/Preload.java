package io.hbagent.hook;

import java.io.IOException;

/**
 * Loads what weaving needs: the dearest part of the start, and one that depends on nothing.
 *
 * <p>On the agent's thread, from the first moment on, beside the main thread.
 */
public final class Preload {

  /** Small, with branches, a handler and frames: what there is to copy in a method. */
  private static final String SAMPLE = "io/hbagent/hook/JavaBaseAccess";

  private Preload() {}

  /**
   * Weaves a class of our own and throws it away.
   *
   * @throws IOException when the jar is not whole
   */
  public static void run() throws IOException {
    HookPoint row =
        new HookPoint(SAMPLE, "current", "()", HookPoint.ENTRY, "connect", "name:x", "", "");
    Weaver.weave(new HookPoint[] {row}, SAMPLE, ClassFiles.own(SAMPLE));
  }
}
