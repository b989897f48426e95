package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.Options;
import java.io.FileDescriptor;
import java.io.IOException;

/**
 * The result of reading options back from the kernel after they were set: once for the first
 * connection of each role, and once for the self-test's own socket.
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
   * Lets the next {@link #take} read back. Not from the start: loading what that needs costs some
   * ms, which the agent's thread spends first.
   */
  void arm() {
    armed = true;
  }

  /** Reads back, the first time only; afterwards costs two volatile reads. */
  void take(FileDescriptor fd, Policy policy, int own) throws IOException {
    if (armed && PENDING.equals(result) && claim()) {
      int option = policy.difference(fd, policy.options(own));
      result = option == 0 ? OK : text(option, Kernel.get(fd, option));
    }
  }

  private static String text(int option, int value) {
    switch (option) {
      case Options.KEEPALIVE:
        return "SO_KEEPALIVE is off";
      case Options.IDLE:
        return "TCP_KEEPIDLE is " + value;
      case Options.INTVL:
        return "TCP_KEEPINTVL is " + value;
      case Options.CNT:
        return "TCP_KEEPCNT is " + value;
      default:
        return "TCP_USER_TIMEOUT is " + value;
    }
  }

  private synchronized boolean claim() {
    boolean mine = PENDING.equals(result);
    result = mine ? READING : result;
    return mine;
  }

  /** Records that setting failed. */
  void failed(String why) {
    result = why;
  }

  /** Returns whether nothing was read back yet. */
  boolean isPending() {
    return PENDING.equals(result);
  }

  /** Returns whether the kernel had the values that were set. */
  public boolean isOk() {
    return OK.equals(result);
  }

  /** Returns whether the kernel had other values. */
  public boolean isBad() {
    String now = result;
    return !OK.equals(now) && !PENDING.equals(now) && !READING.equals(now);
  }

  /** Returns {@code ok}, {@code pending}, or the first difference. */
  @Override
  public String toString() {
    return result;
  }
}
