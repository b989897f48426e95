package io.hbagent.keepalive;

import java.io.FileDescriptor;
import java.io.IOException;

/**
 * Whether what was set was seen again in the kernel: once for the first connection of a kind, and
 * once for the self-test's own socket.
 */
public final class Readback {

  private static final String PENDING = "not yet";
  private static final String READING = "reading";
  private static final String OK = "ok";

  // Not an AtomicReference: that loads the machinery of VarHandles into the start.
  private volatile String result = PENDING;
  private volatile boolean armed;

  Readback() {}

  /**
   * From here on it reads back. Not from the start: asking the kernel for the first time costs some
   * ms, and the agent's own thread, whose self-test asks anyway, bears that better.
   */
  void arm() {
    armed = true;
  }

  /** Reads back, the first time only; afterwards one volatile read. */
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

  /** Whether the kernel had what was set. */
  public boolean isOk() {
    return OK.equals(result);
  }

  /** Whether the kernel had something else. */
  public boolean isBad() {
    String now = result;
    return !OK.equals(now) && !PENDING.equals(now) && !READING.equals(now);
  }

  /** {@code ok}, {@code not yet}, or what was different. */
  @Override
  public String toString() {
    return result;
  }
}
