package io.hbagent.watch;

import io.hbagent.log.Line;
import io.hbagent.log.Log;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Counts every transition, and says it: a line each, up to a number; what a storm brings beyond
 * that is summed up in one line a round. On the watchdog's thread; {@link #counts} from any.
 */
final class Reporter {

  private final Map<Count, Long> counts = new EnumMap<>(Count.class);
  private final List<Transition> taken = new ArrayList<>();
  private final FlightRecorder recorder = new FlightRecorder();
  private final Storm storm = new Storm();
  private boolean logging;
  private long longest;

  /** Whether lines are wanted at all. */
  void logging(boolean wanted) {
    logging = wanted;
  }

  void take(Transition transition) {
    taken.add(transition);
    synchronized (counts) {
      count(counts, transition);
      longest = Math.max(longest, transition.after);
    }
  }

  /** Says what the round has found. */
  void flush(int now) {
    if (taken.isEmpty()) {
      return;
    }
    try {
      recorder.record(taken);
      if (logging) {
        storm.at(now);
        log();
      }
    } finally {
      taken.clear(); // whatever went wrong: nothing is said twice
    }
  }

  private void log() {
    BlockedThreads blocked = storm.isCalm() ? BlockedThreads.now() : null;
    Map<Count, Long> summed = new EnumMap<>(Count.class);
    int sum = 0;
    for (Transition transition : taken) {
      if (storm.mayWrite()) {
        log(transition, blocked);
      } else {
        count(summed, transition);
        sum++;
      }
    }
    if (sum > 0) {
      Line line = new Line("storm").add("not-listed", sum);
      for (Map.Entry<Count, Long> one : summed.entrySet()) {
        Count what = one.getKey();
        String cause = what.cause();
        long number = one.getValue();
        line.add(cause == null ? what.event : what.event + "-" + cause, number);
      }
      Log.warn(line);
    }
  }

  private static void count(Map<Count, Long> counts, Transition transition) {
    counts.put(transition.what, counts.getOrDefault(transition.what, 0L) + 1);
  }

  private static void log(Transition transition, BlockedThreads blocked) {
    Line line = transition.details;
    transition.connection.addOriginTo(line);
    if (transition.what != Count.RECOVERED) {
      blocked.addTo(line, transition.connection);
    }
    if (transition.what == Count.RECOVERED || transition.what == Count.CLOSED) {
      Log.info(line);
    } else {
      Log.warn(line);
    }
  }

  /** The counters now. */
  WatchStatus status(int watched, int halfOpenNow, long rounds) {
    synchronized (counts) {
      return new WatchStatus(new EnumMap<>(counts), watched, halfOpenNow, longest, rounds);
    }
  }
}
