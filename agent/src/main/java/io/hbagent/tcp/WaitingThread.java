package io.hbagent.tcp;

/** A thread that waits on a descriptor. Immutable. */
public final class WaitingThread {

  /** The operation of a thread that waits on several descriptors, and serves all of them. */
  public static final String SELECT = "select";

  /**
   * The name; {@code VirtualThread[#22]} of a virtual thread without one. Of a thread that is not
   * Java's the name that the kernel has, which ends in {@code ...} where it may be cut off.
   */
  public final String name;

  /** True of a virtual thread. */
  public final boolean virtual;

  /**
   * {@code read}, {@code write}, {@code connect}, {@code accept}, {@code poll} where it waits for
   * both to read and to write, or {@link #SELECT}.
   */
  public final String operation;

  /** The number of sockets it waits on: 1, but for a thread that selects. */
  public final int sockets;

  /** The stack, a moment after the wait was seen; empty if it is not known. */
  public final StackTraceElement[] stack;

  WaitingThread(
      String name, boolean virtual, String operation, int sockets, StackTraceElement[] stack) {
    this.name = name;
    this.virtual = virtual;
    this.operation = operation;
    this.sockets = sockets;
    this.stack = stack;
  }

  @Override
  public String toString() {
    return name + " (" + operation + (sockets == 1 ? ")" : " of " + sockets + ")");
  }
}
