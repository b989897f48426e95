package io.hbagent.keepalive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.hbagent.tcp.Options;
import java.io.FileDescriptor;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What applications set, by many threads at once. */
class ApplicationOptionsTableTest {
  private static final int CALLS = 1_000_000;

  private final ApplicationOptionsTable table = new ApplicationOptionsTable();

  @Test
  void threadsWithSocketsOfTheirOwnDoNotWaitForEachOther() throws Exception {
    FileDescriptor first = new FileDescriptor();
    FileDescriptor second = new FileDescriptor();
    while ((first.hashCode() & 15) == (second.hashCode() & 15)) {
      second = new FileDescriptor();
    }
    timesBlocked(first, second); // loading a class blocks as well
    assertEquals(List.of(0L, 0L), timesBlocked(first, second));
    assertEquals(List.of(0L, 0L), timesBlocked(1, 2), "of native transports");
    assertEquals(Options.KEEPALIVE, table.get(first).bits() & table.get(2).bits());
    table.forget(2);
    assertNull(table.get(2));
  }

  private List<Long> timesBlocked(Object... sockets) throws Exception {
    CyclicBarrier begin = new CyclicBarrier(sockets.length);
    List<Future<Long>> all = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(sockets.length);
    try {
      for (Object socket : sockets) {
        all.add(
            threads.submit(
                () -> {
                  begin.await();
                  long before = blocked();
                  for (int i = 0; i < CALLS; i++) {
                    table.set(socket, Options.KEEPALIVE, 1, true);
                  }
                  return blocked() - before;
                }));
      }
      List<Long> times = new ArrayList<>();
      for (Future<Long> one : all) {
        times.add(one.get());
      }
      return times;
    } finally {
      threads.shutdown();
    }
  }

  private static long blocked() {
    return ManagementFactory.getThreadMXBean()
        .getThreadInfo(Thread.currentThread().getId())
        .getBlockedCount();
  }
}
