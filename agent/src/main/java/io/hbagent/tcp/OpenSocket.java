package io.hbagent.tcp;

import java.io.FileDescriptor;

/** A TCP socket of this process, by the number it has; see {@link OpenSockets} for its races. */
public final class OpenSocket {

  private final int number;
  private final long inode;
  private final FileDescriptor descriptor;

  OpenSocket(int number, long inode, FileDescriptor descriptor) {
    this.number = number;
    this.inode = inode;
    this.descriptor = descriptor;
  }

  /** Its descriptor's number. */
  public int number() {
    return number;
  }

  /** What tells it from a later socket of the same number: an inode is not used again soon. */
  public long inode() {
    return inode;
  }

  /** Good for asking and setting options only. */
  public FileDescriptor descriptor() {
    return descriptor;
  }
}
