package io.hbagent.control;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The command lines that watch this JVM ({@code status --watch}). On the agent's thread.
 *
 * <p>Each agent that is loaded leaves an Instrumentation behind, for which a JDK 8 pays at every
 * class it loads from then on. So watching loads one, and each status after the first goes through
 * the same {@link ReceivedRequest}: the command line empties the file, the agent fills it.
 */
public final class StatusSubscribers {

  /** A command line that does not read its answer for so long was killed. */
  private static final long LIMIT_NANOS = 60_000_000_000L;

  /** The requests, with the time at which the last answer was seen to be read, in ns. */
  private final Map<ReceivedRequest, Long> subscribers = new LinkedHashMap<>();

  /** Creates an empty list. */
  public StatusSubscribers() {}

  /**
   * Adds a command line, whose first answer the attach writes.
   *
   * @param path of its request
   */
  public void add(String path) {
    try {
      subscribers.put(ReceivedRequest.open(path), System.nanoTime());
    } catch (IOException e) {
      // The command line has given up.
    }
  }

  /** Returns whether there are none. */
  public boolean isEmpty() {
    return subscribers.isEmpty();
  }

  /** Answers those that have read the last answer. */
  public void serve(Supplier<Report> status) {
    for (Iterator<Map.Entry<ReceivedRequest, Long>> each = subscribers.entrySet().iterator();
        each.hasNext(); ) {
      Map.Entry<ReceivedRequest, Long> subscriber = each.next();
      ReceivedRequest request = subscriber.getKey();
      long now = System.nanoTime();
      boolean waits = request.isAwaited() && now - subscriber.getValue() < LIMIT_NANOS;
      try {
        if (waits && request.wantsNext()) {
          subscriber.setValue(now);
          request.answer(status.get());
        }
      } catch (IOException e) {
        waits = false; // the disk is full, say: the command line gives up by itself
      }
      if (!waits) {
        each.remove();
        request.close();
      }
    }
  }

  /** Answers all of them that there will be no further status. */
  public void end() {
    for (ReceivedRequest request : subscribers.keySet()) {
      try {
        request.answer(Report.failed("hb-agent was detached"));
      } catch (IOException e) {
        // as above
      }
      request.close();
    }
    subscribers.clear();
  }
}
