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

  /** A request in the queue. */
  static final class Entry {
    private final Request request;
    private boolean taken;
    private Report answer;

    private Entry(Request request) {
      this.request = request;
    }

    /** Returns the request. */
    Request request() {
      return request;
    }

    /** Returns whether the owner has begun with it; false if it was withdrawn before. */
    boolean isTaken() {
      return taken;
    }

    /** Returns the answer; null if there was none in time, or if the owner has died. */
    Report answer() {
      return answer;
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

  /**
   * Queues a request and waits, on any other thread than the owner's, for its answer or for the end
   * of its time. An interrupt does not end the wait, and is kept for the caller.
   *
   * @return its final state
   */
  synchronized Entry ask(Request request) {
    Entry entry = new Entry(request);
    waiting.add(entry);
    notifyAll();
    boolean interrupted = false;
    long begin = System.nanoTime();
    long left = request.millis;
    while (entry.answer == null && left > 0 && ownerIsAlive.getAsBoolean()) {
      try {
        wait(Math.min(left, CHECK_MILLIS));
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = request.millis - (System.nanoTime() - begin) / 1_000_000;
    }
    waiting.remove(entry);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return entry;
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

  /** Answers a request that was taken. */
  synchronized void answer(Entry entry, Report answer) {
    entry.answer = answer;
    notifyAll();
  }
}
