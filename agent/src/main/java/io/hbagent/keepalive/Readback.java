package io.hbagent.keepalive;

import java.io.FileDescriptor;
import java.io.IOException;

/**
 * The result of reading back from the kernel what was set: once for the first connection of each
 * role, and once for the self-test's own socket.
 */
public final class Readback {

  private static final String PENDING = "pending";
  private static final String READING = "reading";
  private static final String OK = "ok";

  // Not an AtomicReference: that loads the machinery of VarHandles into the start.
  private volatile String result = PENDING;
  private volatile boolean armed;

  Readback() {}

  /**
   * From here on it reads back. Not from the start: what that needs costs some ms to load, which
   * the agent's thread does first.
   */
  void arm() {
    armed = true;
  }

  /** Reads back, the first time only; afterwards two volatile reads. */
  void take(FileDescriptor fd, Policy policy, int own) throws IOException {
    if (armed && PENDING.equals(result) && claim()) {
      String difference = Applier.difference(fd, policy, own);
      result = difference == null ? OK : difference;
    }
  }

  private synchronized boolean claim() {
    boolean mine = PENDING.equals(result);
    result = mine ? READING : result;
    return mine;
  }

  /** Records that it could not even be set. */
  void failed(String why) {
    result = why;
  }

  /** Whether nothing was read back yet. */
  boolean isPending() {
    return PENDING.equals(result);
  }

  /** Whether the kernel had what was set. */
  public boolean isOk() {
    return OK.equals(result);
  }

  /** Whether the kernel had something else. */
  public boolean isBad() {
    String now = result;
    return !OK.equals(now) && !PENDING.equals(now) && !READING.equals(now);
  }

  /** {@code ok}, {@code pending}, or what was different. */
  @Override
  public String toString() {
    return result;
  }
}
