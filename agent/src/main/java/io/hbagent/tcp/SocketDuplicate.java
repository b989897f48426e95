package io.hbagent.tcp;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;

/**
 * A second descriptor of a socket of this process (dup(2)). As long as it is open it refers to the
 * same socket, whatever the application does with its own: so what is read of it here holds for
 * what is done to it here. One thread.
 */
public final class SocketDuplicate implements Closeable {

  /** Refers to the socket until {@link #close}. */
  public final FileDescriptor descriptor;

  /**
   * Duplicates a descriptor.
   *
   * @throws IOException if it is closed, or the process may have no more
   */
  public SocketDuplicate(int original) throws IOException {
    descriptor = Kernel.calls.duplicate(original);
  }

  /** Returns the inode of the socket; -1 if it is none. */
  public long inode() {
    return OpenSockets.inode(Kernel.number(descriptor));
  }

  /**
   * Ends a TCP connection at once, as ABORT of RFC 9293: the peer gets a reset, what is queued is
   * dropped, and every system call that waits on it returns with an error ({@code net/ipv4/tcp.c},
   * tcp_disconnect). The application's descriptor stays open. A listener would be closed by it, so
   * the state must have been read from {@link #descriptor}. Linux only.
   *
   * @throws IOException if the kernel refuses
   */
  public void abort() throws IOException {
    Kernel.calls.disconnect(descriptor);
  }

  @Override
  public void close() throws IOException {
    Kernel.calls.close(descriptor);
  }
}
