package io.hbagent.control;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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

  private static final class Subscriber {
    final ReceivedRequest request;
    long lastRead = System.nanoTime();

    Subscriber(ReceivedRequest request) {
      this.request = request;
    }
  }

  private final List<Subscriber> subscribers = new ArrayList<>();

  /** Creates an empty list. */
  public StatusSubscribers() {}

  /**
   * Adds a command line, whose first answer the attach writes.
   *
   * @param path of its request
   */
  public void add(String path) {
    try {
      subscribers.add(new Subscriber(ReceivedRequest.open(path)));
    } catch (IOException e) {
      // The command line has given up.
    }
  }

  /** Answers those that have read the last answer. */
  public void serve(Supplier<Report> status) {
    for (Iterator<Subscriber> each = subscribers.iterator(); each.hasNext(); ) {
      Subscriber subscriber = each.next();
      long now = System.nanoTime();
      boolean wanted = subscriber.request.isAwaited() && now - subscriber.lastRead < LIMIT_NANOS;
      try {
        if (wanted && subscriber.request.wantsNext()) {
          subscriber.lastRead = now;
          subscriber.request.answer(status.get());
        }
      } catch (IOException e) {
        wanted = false; // the disk is full, say: the command line gives up by itself
      }
      if (!wanted) {
        each.remove();
        close(subscriber);
      }
    }
  }

  /** Answers all of them that there will be no further status. */
  public void end() {
    for (Subscriber subscriber : subscribers) {
      try {
        subscriber.request.answer(Report.failed("hb-agent was detached"));
      } catch (IOException e) {
        // as above
      }
      close(subscriber);
    }
    subscribers.clear();
  }

  private static void close(Subscriber subscriber) {
    try {
      subscriber.request.close();
    } catch (IOException e) {
      // The descriptor is released all the same.
    }
  }
}
