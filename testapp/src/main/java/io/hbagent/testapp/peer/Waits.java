package io.hbagent.testapp.peer;

import java.io.IOException;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;

/** Waits on a selector. */
final class Waits {
  private Waits() {}

  /**
   * Waits until something is ready, woken up, or the time is over; and in that case looks once
   * more. A process that was stopped (SIGSTOP, a closed lid) and goes on has had its time, and the
   * JDK then returns from an interrupted epoll_wait without a look: what arrived in between would
   * be missed by a loop that goes on to judge who was silent.
   */
  static void select(Selector selector, long nanos) throws IOException {
    if (selector.select(millis(nanos)) == 0) {
      selector.selectNow();
    }
  }

  /**
   * Nanoseconds as the argument of {@code Selector.select(long)}: rounded up, or the selector would
   * spin through the last millisecond; and never 0, which means for ever.
   */
  static long millis(long nanos) {
    long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
    return Math.max(1, millis == Long.MAX_VALUE ? millis : millis + 1);
  }
}
