package io.hbagent.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The queue of log lines with a sink that blocks, fails or is interrupted. */
@Timeout(60)
class LogWriterTest {

  /** Takes as many lines as it has permits for. */
  private static final class FakeSink extends LogFile {

    final List<String> lines = new CopyOnWriteArrayList<>();
    final Semaphore permits = new Semaphore(0);
    volatile Throwable failure;
    volatile Thread thread;
    volatile boolean closed;

    FakeSink() {
      super("stderr", 0, 0);
    }

    @Override
    void write(String line) throws IOException {
      thread = Thread.currentThread();
      permits.acquireUninterruptibly();
      Throwable thrown = failure;
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown instanceof IOException exception) {
        throw exception;
      }
      lines.add(line);
    }

    @Override
    void close() {
      closed = true;
    }

    void takeAll() {
      permits.release(1_000_000);
    }
  }

  private final FakeSink sink = new FakeSink();
  private final LogWriter writer = new LogWriter(sink, 10);

  @AfterEach
  void end() {
    sink.takeAll();
    writer.close(10_000);
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, what);
      Thread.sleep(5);
    }
  }

  private void add(int count, String prefix) {
    for (int i = 0; i < count; i++) {
      writer.add(prefix + i);
    }
  }

  @Test
  void writesInOrderOnItsOwnDaemonThread() {
    sink.takeAll();
    add(3, "line ");
    writer.close(10_000);
    assertEquals(List.of("line 0", "line 1", "line 2"), sink.lines);
    assertTrue(sink.closed);
    assertNotSame(Thread.currentThread(), sink.thread);
    assertEquals("hb-agent-log", sink.thread.getName());
    assertTrue(sink.thread.isDaemon());
    assertSame(LogWriter.class.getClassLoader(), sink.thread.getContextClassLoader());
  }

  @Test
  void belongsToTheTopmostThreadGroup() throws Exception {
    Thread caller = new Thread(new ThreadGroup("application"), () -> writer.add("line"));
    caller.start();
    await("a thread", () -> sink.thread != null);
    assertNull(sink.thread.getThreadGroup().getParent());
  }

  /** The caller goes on, the oldest lines are kept, and a line says how many are missing. */
  @Test
  void dropsAndCountsWhatABlockedSinkDoesNotTake() throws Exception {
    add(LogWriter.MAX_LINES + 500, "line ");
    assertEquals(500, writer.dropped());
    await("it says so", () -> writer.problem() != null);
    assertTrue(writer.problem().matches("a write has not returned for [1-9]\\d* s"));
    sink.takeAll();
    await("the count", () -> sink.lines.size() > LogWriter.MAX_LINES);
    assertEquals("line 999", sink.lines.get(LogWriter.MAX_LINES - 1));
    String last = sink.lines.get(LogWriter.MAX_LINES);
    assertTrue(last.endsWith(" level=warn agent=hb-agent event=log-dropped count=500"), last);
    await("all is well", () -> writer.problem() == null);
    add(1, "more ");
    await("the next", () -> sink.lines.size() == LogWriter.MAX_LINES + 2);
    assertEquals(500, writer.dropped());
  }

  @Test
  void boundsItsMemoryToo() throws Exception {
    String line = "x".repeat(100_000);
    for (int i = 0; i < 10; i++) {
      writer.add(line);
    }
    assertEquals(5, writer.dropped());
    sink.takeAll();
    await("those that fit, and the count", () -> sink.lines.size() == 6);
    for (int i = 0; i < 5; i++) {
      writer.add(line);
    }
    await("room again", () -> sink.lines.size() == 11);
  }

  @Test
  void triesAgainWhatTheSinkRefuses() throws Exception {
    sink.failure = new IOException("No space left on device");
    sink.takeAll();
    add(3, "line ");
    await("a reason", () -> writer.problem() != null);
    assertTrue(writer.problem().endsWith("No space left on device"), writer.problem());
    sink.failure = null;
    await("all", () -> sink.lines.size() == 3);
    assertEquals(List.of("line 0", "line 1", "line 2"), sink.lines);
    assertEquals(0, writer.dropped());
  }

  @Test
  void survivesErrorsAndInterrupts() throws Exception {
    sink.failure = new OutOfMemoryError("the host's");
    sink.takeAll();
    add(1, "first ");
    await("tried", () -> sink.thread != null);
    Thread thread = sink.thread;
    for (int i = 0; i < 20; i++) {
      thread.interrupt();
      Thread.sleep(2);
    }
    sink.failure = null;
    await("written", () -> sink.lines.size() == 1);
    thread.interrupt();
    add(1, "second ");
    await("written", () -> sink.lines.size() == 2);
    assertSame(thread, sink.thread);
    assertTrue(thread.isAlive());
  }

  /** Also when the caller is interrupted: what was asked for first is the log. */
  @Test
  void closeWritesWhatIsQueued() {
    add(100, "line ");
    sink.takeAll();
    Thread.currentThread().interrupt();
    writer.close(10_000);
    assertTrue(Thread.interrupted(), "the caller's own interrupt stays");
    assertEquals(100, sink.lines.size());
  }

  @Test
  void closeDoesNotWaitForABlockedSink() throws Exception {
    add(3, "line ");
    await("it writes", () -> sink.thread != null);
    long before = System.nanoTime();
    writer.close(200);
    assertTrue(System.nanoTime() - before < TimeUnit.SECONDS.toNanos(10));
    sink.takeAll();
    sink.thread.join(10_000);
    assertTrue(!sink.thread.isAlive(), "it ends when the sink lets go of it");
    assertEquals(List.of("line 0"), sink.lines);
    writer.add("late");
    assertEquals(4, writer.dropped());
  }

  @Test
  void closeGivesUpASinkThatFails() {
    sink.failure = new IOException("Broken pipe");
    sink.takeAll();
    add(3, "line ");
    writer.close(60_000);
    assertEquals(3, writer.dropped());
  }
}
