package io.hbagent.testapp.peer;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/** Accepts pending connections, and pauses when the process is out of descriptors. */
final class Acceptor {
  /** Accepts in one turn, so that many new clients do not delay the connected ones. */
  private static final int BATCH = 64;

  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Handles an accepted connection. */
  interface Admission {
    void admit(SocketChannel channel) throws IOException;
  }

  private final ServerSocketChannel listener;
  private final SelectionKey key;
  private final Report report;
  private boolean resting;
  private boolean reported;
  private long restingSince;

  Acceptor(ServerSocketChannel listener, SelectionKey key, Report report) {
    this.listener = listener;
    this.key = key;
    this.report = report;
  }

  void accept(Admission admission) {
    try {
      for (int i = 0; i < BATCH; i++) {
        SocketChannel channel = listener.accept();
        if (channel == null) {
          return;
        }
        admission.admit(channel);
        reported = false;
      }
    } catch (IOException e) {
      // Out of descriptors, as a rule. What cannot be accepted stays in the backlog, and would
      // wake the selector without end.
      if (!reported) {
        report.line("cannot accept: %s; who comes now waits until a client leaves", e.getMessage());
        reported = true;
      }
      key.interestOps(0);
      resting = true;
      restingSince = System.nanoTime();
    }
  }

  /**
   * Ends the pause if it is over, and returns its remaining nanoseconds, Long.MAX_VALUE if there is
   * no pause.
   */
  long resumeWhenRested() {
    if (!resting) {
      return Long.MAX_VALUE;
    }
    long left = REST_NANOS - (System.nanoTime() - restingSince);
    if (left > 0) {
      return left;
    }
    resting = false;
    key.interestOps(SelectionKey.OP_ACCEPT);
    return Long.MAX_VALUE;
  }
}
