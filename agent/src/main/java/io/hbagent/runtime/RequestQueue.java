package io.hbagent.runtime;

import io.hbagent.control.Report;
import io.hbagent.control.Request;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/**
 * The requests to the agent's thread, in their order. Any thread asks and waits (an attach's, a JMX
 * client's); only the agent's own takes and answers, since it alone logs and changes what is in
 * force.
 *
 * <p>An answer belongs to its request. A request that is not taken in time is withdrawn; the answer
 * to one that was taken and comes too late is dropped.
 */
final class RequestQueue {

  /** The owner is checked this often, in milliseconds: it may die without an answer. */
  private static final long CHECK_MILLIS = 500;

  /** A request and what became of it. Written under the lock of the queue. */
  static final class Entry {
    final Request request;

    /** Set once the owner has begun with it. */
    volatile boolean taken;

    /** The answer; null if there was none in time, or if the owner has died. */
    volatile Report answer;

    /** Set once no one waits for the answer any more, though there was none. */
    private boolean late;

    Entry(Request request) {
      this.request = request;
    }
  }

  private final BooleanSupplier ownerIsAlive;
  private final Deque<Entry> waiting = new ArrayDeque<>();

  /**
   * Creates an empty queue.
   *
   * @param ownerIsAlive whether the one thread that takes from it is alive
   */
  RequestQueue(BooleanSupplier ownerIsAlive) {
    this.ownerIsAlive = ownerIsAlive;
  }

  /** Queues a request, {@linkplain #await waits} for its answer and returns its final state. */
  synchronized Entry ask(Request request) {
    Entry entry = new Entry(request);
    waiting.add(entry);
    notifyAll();
    await(entry, request.millis);
    waiting.remove(entry);
    return entry;
  }

  /**
   * Waits, on any other thread than the owner's, for an answer, for the owner's death, or for a
   * time. An interrupt does not end the wait, and is kept for the caller.
   */
  synchronized void await(Entry entry, long millis) {
    boolean interrupted = false;
    long begin = System.nanoTime();
    long left = millis;
    while (entry.answer == null && left > 0 && ownerIsAlive.getAsBoolean()) {
      try {
        wait(Math.min(left, CHECK_MILLIS));
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = millis - (System.nanoTime() - begin) / 1_000_000;
    }
    entry.late = entry.answer == null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for a request, on the owner's thread; returns null after the given time. */
  synchronized Entry take(long millis) throws InterruptedException {
    long begin = System.nanoTime();
    long left = millis;
    while (waiting.isEmpty() && left > 0) {
      wait(left);
      left = millis - (System.nanoTime() - begin) / 1_000_000;
    }
    Entry entry = waiting.poll();
    if (entry != null) {
      entry.taken = true;
    }
    return entry;
  }

  /** Returns the number of requests that were not taken yet. */
  synchronized int size() {
    return waiting.size();
  }

  /** Answers a request that was taken; returns false if it comes too late for the one who asked. */
  synchronized boolean answer(Entry entry, Report answer) {
    entry.answer = answer;
    notifyAll();
    return !entry.late;
  }
}
