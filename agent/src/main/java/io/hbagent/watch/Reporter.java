package io.hbagent.watch;

import io.hbagent.log.Line;
import io.hbagent.log.Log;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts every transition, and says it: a line each, up to a number; what a storm brings beyond
 * that is summed up in one line a round. On the watchdog's thread; {@link #status} from any.
 *
 * <p>What cannot be said for want of memory is said with the next round.
 */
class Reporter {

  private static final Count[] ALL = Count.values();

  private final Map<Count, AtomicLong> counts = zeros();

  /** Of what a storm brings. */
  private final Map<Count, AtomicLong> notListed = zeros();

  private final List<Transition> taken = new ArrayList<>();

  /** So many of those that were taken need nothing more. */
  private int done;

  private final FlightRecorder recorder = new FlightRecorder();
  private final LogRateLimit storm = new LogRateLimit();
  private boolean logging;
  private long longest;

  /** Made at once, so that counting needs no memory. */
  private static Map<Count, AtomicLong> zeros() {
    Map<Count, AtomicLong> zeros = new EnumMap<>(Count.class);
    for (Count each : ALL) {
      zeros.put(each, new AtomicLong());
    }
    return zeros;
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
    if (taken.isEmpty() && sum() == 0) {
      return;
    }
    storm.at(now);
    try {
      say();
      forget();
    } catch (OutOfMemoryError e) {
      // No more is kept than lines may follow: the host needs its memory itself.
      while (taken.size() - done > LogRateLimit.LINES) {
        notListed.get(taken.remove(taken.size() - 1).what).incrementAndGet();
      }
      throw e;
    } catch (Throwable e) {
      forget(); // the next round would come upon the same
      throw e;
    }
  }

  private void say() {
    BlockedThreads blocked = logging && storm.isCalm() && !taken.isEmpty() ? blocked() : null;
    for (; done < taken.size(); done++) {
      Transition next = taken.get(done);
      if (!next.isRecorded) {
        record(next);
        next.isRecorded = true;
      }
      if (!storm.isCalm()) {
        notListed.get(next.what).incrementAndGet();
      } else if (logging) {
        log(next, blocked);
        storm.written();
      }
    }
    if (logging && sum() > 0) {
      logStorm();
    }
  }

  private long sum() {
    long sum = 0;
    for (Count what : ALL) {
      sum += notListed.get(what).get();
    }
    return sum;
  }

  private void logStorm() {
    Line line = new Line("storm").add("not-listed", sum());
    for (Count what : ALL) {
      String cause = what.cause();
      long number = notListed.get(what).get();
      if (number > 0) {
        line.add(cause == null ? what.event : what.event + "-" + cause, number);
      }
    }
    write(line, true);
  }

  /** What is not said by now is not said any more. */
  void forget() {
    taken.clear();
    done = 0;
    for (Count what : ALL) {
      notListed.get(what).set(0);
    }
  }

  private void log(Transition transition, BlockedThreads blocked) {
    Line line = new Line(transition.details);
    transition.connection.addOriginTo(line);
    if (transition.what != Count.RECOVERED) {
      blocked.addTo(line, transition.connection);
    }
    write(line, transition.what != Count.RECOVERED && transition.what != Count.CLOSED);
  }

  /** Gets ready to record, where somebody records by now. */
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
