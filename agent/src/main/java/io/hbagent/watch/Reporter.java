package io.hbagent.watch;

import io.hbagent.log.Line;
import io.hbagent.log.Log;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts every transition, and says it: a line each, up to a number; what a storm brings beyond
 * that is summed up in one line a round. On the watchdog's thread; {@link #status} from any.
 *
 * <p>What cannot be said for want of memory is said with the next round.
 */
class Reporter {

  /** One for each, so that counting needs no memory. */
  private final Map<Count, AtomicLong> counts = new EnumMap<>(Count.class);

  private final Deque<Transition> taken = new ArrayDeque<>();
  private final FlightRecorder recorder = new FlightRecorder();
  private final Storm storm = new Storm();
  private boolean logging;
  private long longest;

  Reporter() {
    for (Count each : Count.values()) {
      counts.put(each, new AtomicLong());
    }
  }

  /** Whether lines are wanted at all. */
  void logging(boolean wanted) {
    logging = wanted;
  }

  /** Takes it or, without memory, does not and throws; then it is not counted either. */
  void take(Transition transition) {
    taken.add(transition);
    synchronized (counts) {
      counts.get(transition.what).incrementAndGet();
      longest = Math.max(longest, transition.after);
    }
  }

  /** Says what the round has found. */
  void flush(int now) {
    if (taken.isEmpty()) {
      return;
    }
    storm.at(now);
    try {
      say();
    } catch (OutOfMemoryError e) {
      while (taken.size() > Storm.LINES) {
        taken.removeLast(); // not what the host's memory is for
      }
      throw e;
    } catch (Throwable e) {
      taken.clear(); // the next round would come upon the same
      throw e;
    }
  }

  private void say() {
    BlockedThreads blocked = logging && storm.isCalm() ? blocked() : null;
    Map<Count, Integer> notListed = new EnumMap<>(Count.class);
    int sum = 0;
    for (Transition next = taken.peek(); next != null; next = taken.peek()) {
      if (!next.isRecorded) {
        record(next);
        next.isRecorded = true;
      }
      if (logging && storm.isCalm()) {
        log(next, blocked);
        storm.written();
      } else if (logging) {
        notListed.put(next.what, notListed.getOrDefault(next.what, 0) + 1);
        sum++;
      }
      taken.remove();
    }
    if (sum > 0) {
      logStorm(notListed, sum);
    }
  }

  private void logStorm(Map<Count, Integer> notListed, int sum) {
    Line line = new Line("storm").add("not-listed", sum);
    for (Map.Entry<Count, Integer> one : notListed.entrySet()) {
      Count what = one.getKey();
      String cause = what.cause();
      line.add(cause == null ? what.event : what.event + "-" + cause, one.getValue());
    }
    write(line, true);
  }

  private void log(Transition transition, BlockedThreads blocked) {
    Line line = new Line(transition.details);
    transition.connection.addOriginTo(line);
    if (transition.what != Count.RECOVERED) {
      blocked.addTo(line, transition.connection);
    }
    write(line, transition.what != Count.RECOVERED && transition.what != Count.CLOSED);
  }

  /** Gets ready to record, where somebody records. */
  void prepare() {
    recorder.isReady();
  }

  /** Records it where somebody records. */
  void record(Transition transition) {
    recorder.record(transition);
  }

  /** The threads that are blocked now. */
  BlockedThreads blocked() {
    return BlockedThreads.now();
  }

  /** Writes a line, as a warning or for information. */
  void write(Line line, boolean warning) {
    if (warning) {
      Log.warn(line);
    } else {
      Log.info(line);
    }
  }

  /** The counters now. */
  WatchStatus status(int watched, int halfOpenNow, long rounds) {
    synchronized (counts) {
      Map<Count, Long> now = new EnumMap<>(Count.class);
      for (Map.Entry<Count, AtomicLong> one : counts.entrySet()) {
        now.put(one.getKey(), one.getValue().get());
      }
      return new WatchStatus(now, watched, halfOpenNow, longest, rounds);
    }
  }
}
