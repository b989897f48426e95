package io.hbagent.log;

import java.io.IOException;
import java.security.PrivilegedAction;
import java.util.ArrayDeque;

/**
 * A bounded queue of log lines and the thread that writes them, {@code hb-agent-log}: {@link #add}
 * never waits for the sink, whether it is a full pipe, a FIFO without a reader or a file system
 * that hangs.
 *
 * <p>Lines that do not fit are dropped and counted; the count becomes a line of its own once the
 * sink has taken what was queued. A line that cannot be written stays first in the queue and is
 * tried again every second.
 *
 * <p>Only {@link #close} ends the thread: interrupts and whatever the sink throws do not.
 */
final class LogWriter implements PrivilegedAction<Void> {

  /** The destination of the lines. Used by the writer's thread only; may block. */
  interface Sink {

    /**
     * Writes one line in one piece.
     *
     * @param line without a line separator
     * @throws IOException if it was not written as a whole
     */
    void write(String line) throws IOException;

    /** Closes what the sink has opened. */
    void close();
  }

  static final int MAX_LINES = 1_000;

  /** At most 1 MiB of the host's heap. */
  static final int MAX_CHARS = 512 * 1024;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Sink sink;
  private final long retryMillis;

  /** Never grows: adding a line needs no memory. */
  private final ArrayDeque<String> queue = new ArrayDeque<>(MAX_LINES + 1);

  private int chars;
  private long dropped;
  private long unreported;
  private Thread thread;
  private boolean closed;

  /** The reason why the first line of the queue was not written; null if none was tried in vain. */
  private Throwable failure;

  /**
   * When the write that has not returned began, as of {@link System#nanoTime}; 0: there is none.
   */
  private long writingSince;

  LogWriter(Sink sink, long retryMillis) {
    this.sink = sink;
    this.retryMillis = retryMillis;
  }

  /** Queues a line, or drops and counts it. Any thread. */
  synchronized void add(String line) {
    if (closed || queue.size() >= MAX_LINES || chars + line.length() > MAX_CHARS) {
      dropped++;
      unreported++;
      return;
    }
    queue.add(line);
    chars += line.length();
    start();
    notifyAll();
  }

  /** Starts the thread. Where there is none to be had, the next line tries again. */
  synchronized void start() {
    if (thread != null) {
      return;
    }
    try {
      Thread starting = new DaemonThread("hb-agent-log", this);
      starting.start();
      thread = starting;
    } catch (Throwable e) {
      failure = e;
    }
  }

  /** Returns the number of lines that were dropped. */
  synchronized long dropped() {
    return dropped;
  }

  /** Returns what keeps the lines from being written, in words; null if nothing does. */
  synchronized String problem() {
    if (failure != null) {
      return failure.toString();
    }
    long nanos = writingSince == 0 ? 0 : System.nanoTime() - writingSince;
    long seconds = nanos / NANOS_PER_MILLI / 1_000;
    return seconds == 0 ? null : "a write has not returned for " + seconds + " s";
  }

  /**
   * Ends the thread once it has written what is queued.
   *
   * @param millis the limit: what is not written by then is dropped, and a thread that the sink
   *     holds ends when the sink lets go of it
   * @return the thread that is left and why, in words; null if it has ended
   */
  synchronized String close(long millis) {
    closed = true;
    notifyAll();
    boolean interrupted = false;
    long end = System.nanoTime() + millis * NANOS_PER_MILLI;
    long left = millis;
    while (thread != null && left > 0) {
      try {
        wait(left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = (end - System.nanoTime()) / NANOS_PER_MILLI;
    }
    dropQueue();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return thread == null ? null : "its thread hb-agent-log (" + problem() + ")";
  }

  private synchronized void dropQueue() {
    dropped += queue.size();
    queue.clear();
    unreported = 0;
  }

  /** Writes lines until the log is closed; on the writer's thread. */
  @Override
  public Void run() {
    try {
      writeLines();
    } finally {
      ended();
    }
    return null;
  }

  private synchronized void ended() {
    thread = null; // unless it was closed, the next line starts another one
    notifyAll();
  }

  private void writeLines() {
    boolean more = true;
    while (more) {
      try {
        String line = next();
        more = line != null;
        if (more) {
          sink.write(line);
          written();
        }
      } catch (Throwable e) { // the sink's, or the host has no memory left
        more = failed(e);
      }
    }
    sink.close();
  }

  /** Waits for a line and returns it; it stays in the queue. Null: there will be none. */
  private synchronized String next() {
    writingSince = 0;
    while (queue.isEmpty() && unreported == 0 && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        // By an application that interrupts every thread it finds.
      }
    }
    if (queue.isEmpty() && unreported > 0) {
      String line = Log.text("warn", new Line("log-dropped").add("count", unreported));
      queue.add(line);
      chars += line.length();
      unreported = 0;
    }
    writingSince = queue.isEmpty() ? 0 : System.nanoTime();
    return queue.peek();
  }

  private synchronized void written() {
    String line = queue.poll(); // null after close has dropped it
    chars -= line == null ? 0 : line.length();
    failure = null;
  }

  /** Waits before the next try. Returns false if there is none, because the log is closed. */
  private synchronized boolean failed(Throwable e) {
    failure = e;
    writingSince = 0;
    long end = System.nanoTime() + retryMillis * NANOS_PER_MILLI;
    long left = retryMillis;
    while (!closed && left > 0) {
      try {
        wait(left);
      } catch (InterruptedException interrupted) {
        // see next
      }
      left = (end - System.nanoTime()) / NANOS_PER_MILLI;
    }
    if (closed) {
      dropQueue();
    }
    return !closed;
  }
}
