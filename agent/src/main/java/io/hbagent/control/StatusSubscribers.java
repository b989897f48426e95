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
 * class it loads from then on. So watching loads one, and each look after the first goes through
 * the same {@link Post}: the watcher empties it, the agent fills it.
 */
public final class StatusSubscribers {

  /** A watcher that does not take its answer for so long was ended the hard way. */
  private static final long LIMIT_NANOS = 60_000_000_000L;

  /** In this time the first answer is there, even if it was read before we looked. */
  private static final long FIRST_NANOS = 5_000_000_000L;

  private static final class Watcher {
    final Post post;
    long heardOf = System.nanoTime();
    boolean answered;

    Watcher(Post post) {
      this.post = post;
    }
  }

  private final List<Watcher> watchers = new ArrayList<>();

  /** None yet. */
  public StatusSubscribers() {}

  /** One more, whose first answer is on its way. */
  public void add(String path) {
    watchers.add(new Watcher(new Post(path)));
  }

  /** Answers those that wait. */
  public void serve(Supplier<Report> status) {
    for (Iterator<Watcher> each = watchers.iterator(); each.hasNext(); ) {
      Watcher watcher = each.next();
      long now = System.nanoTime();
      try {
        if (!watcher.post.isThere() || now - watcher.heardOf > LIMIT_NANOS) {
          each.remove();
        } else if (!watcher.answered) {
          // The first answer is written by the attach itself; until then the file is not ours.
          watcher.answered = !watcher.post.isEmpty() || now - watcher.heardOf > FIRST_NANOS;
        } else if (watcher.post.isEmpty()) {
          watcher.heardOf = now;
          watcher.post.write(status.get());
        }
      } catch (IOException e) {
        each.remove(); // gone meanwhile
      }
    }
  }

  /** Tells them that there will be no further answer. */
  public void end() {
    for (Watcher watcher : watchers) {
      try {
        if (watcher.post.isThere()) {
          watcher.post.write(Report.failed("hb-agent was detached"));
        }
      } catch (IOException e) {
        // gone meanwhile; whoever still waits gives up by himself
      }
    }
    watchers.clear();
  }
}
