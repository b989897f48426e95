package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.Options;
import java.io.FileDescriptor;
import java.io.IOException;

/**
 * The result of reading options back from the kernel after they were set: for the first connection
 * of each role, and for the self-test's own socket. Any thread.
 */
public final class Readback {

  private static final String PENDING = "pending";
  private static final String OK = "ok";

  private volatile String result = PENDING;

  Readback() {}

  /** Reads the options of a policy back from a socket, but for those in {@code own}. */
  void read(FileDescriptor fd, Policy policy, int own) throws IOException {
    int option = policy.difference(fd, policy.options(own));
    if (option == 0) {
      result = OK;
    } else {
      int value = Kernel.get(fd, option);
      result = Options.name(option) + " is " + (option == Options.KEEPALIVE ? "off" : value);
    }
  }

  /** Records that the kernel had the values that were set. */
  void ok() {
    result = OK;
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
    return !isOk() && !isPending();
  }

  /** Returns {@code ok}, {@code pending}, or the first difference. */
  @Override
  public String toString() {
    return result;
  }
}
