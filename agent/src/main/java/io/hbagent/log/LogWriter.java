package io.hbagent.log;

import java.security.PrivilegedAction;
import java.util.ArrayDeque;

/**
 * A bounded queue of log lines and the thread that writes them, {@code hb-agent-log}: {@link #add}
 * never waits for the destination, be it a full pipe, a FIFO without a reader or a file system that
 * hangs.
 *
 * <p>Lines that do not fit are dropped and counted; the count becomes a line of its own once what
 * was queued is written. A line that cannot be written stays first in the queue and is tried again
 * every second.
 *
 * <p>Only {@link #close} ends the thread, not an exception of the destination.
 */
final class LogWriter implements PrivilegedAction<Void> {

  static final int MAX_LINES = 1_000;

  /** At most 1 MiB of the host's heap. */
  static final int MAX_CHARS = 512 * 1024;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final LogFile file;
  private final long retryMillis;

  /** Never grows: adding a line needs no memory. */
  private final ArrayDeque<String> queue = new ArrayDeque<>(MAX_LINES + 1);

  private int chars;
  private long dropped;
  private long unreported;
  private DaemonThread thread;
  private boolean closed;

  /** The reason why the first line of the queue was not written, or no thread started; or null. */
  private Throwable failure;

  /** The begin of the write that has not returned, of {@link System#nanoTime}; 0: there is none. */
  private long writingSince;

  LogWriter(LogFile file, long retryMillis) {
    this.file = file;
    this.retryMillis = retryMillis;
  }

  /** Queues a line, or drops and counts it. Any thread. */
  synchronized void add(String line) {
    if (closed || queue.size() >= MAX_LINES || chars + line.length() > MAX_CHARS) {
      dropped++;
      unreported++;
      return;
    }
    if (queue.isEmpty()) {
      notifyAll();
    }
    queue.add(line);
    chars += line.length();
    start();
  }

  /** Starts the thread. If the process may have no more, the next line tries again. */
  synchronized void start() {
    if (thread != null && thread.isAlive()) {
      return;
    }
    try {
      DaemonThread starting = new DaemonThread("hb-agent-log", this);
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
    long seconds = writingSince == 0 ? 0 : (System.nanoTime() - writingSince) / NANOS_PER_SECOND;
    return seconds == 0 ? null : "a write has not returned for " + seconds + " s";
  }

  /**
   * Ends the thread once it has written what is queued.
   *
   * @param millis the limit: what is not written by then is dropped, and a thread that the
   *     destination holds ends when its write returns
   * @return the thread that is left and why, in words; null if it has ended
   */
  String close(long millis) {
    DaemonThread ending;
    synchronized (this) {
      closed = true;
      notifyAll();
      ending = thread;
    }
    if (ending != null) {
      ending.awaitEnd(millis);
    }
    dropQueue();
    boolean isLeft = ending != null && ending.isAlive();
    return isLeft ? "its thread hb-agent-log (" + problem() + ")" : null;
  }

  private synchronized void dropQueue() {
    dropped += queue.size();
    queue.clear();
    unreported = 0;
  }

  /** Writes lines until the log is closed; on the writer's thread. */
  @Override
  public Void run() {
    boolean more = true;
    while (more) {
      try {
        String line = next();
        more = line != null;
        if (more) {
          file.write(line);
          written();
        }
      } catch (Throwable e) { // the destination's, or the host has no memory left
        more = failed(e);
      }
    }
    file.close();
    return null;
  }

  /** Waits for a line and returns it; it stays in the queue. Null: there will be none. */
  private synchronized String next() {
    writingSince = 0;
    while (queue.isEmpty() && unreported == 0 && !closed) {
      pause(0);
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
    if (!closed) {
      pause(retryMillis); // a new line does not end it: the queue is not empty
    }
    if (closed) {
      dropQueue();
    }
    return !closed;
  }

  @SuppressWarnings("WaitNotInLoop") // the callers wait in a loop, or may try early
  private synchronized void pause(long millis) {
    try {
      wait(millis);
    } catch (InterruptedException e) {
      // DaemonThread ignores interrupts.
    }
  }
}
