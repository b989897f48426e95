package io.hbagent.watch;

import io.hbagent.log.Line;
import io.hbagent.log.Log;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts, records and logs every transition: one line each, up to a limit; what comes beyond it is
 * summed up in one line a round. On the watchdog's thread; {@link #status} on any.
 */
class TransitionReporter {

  private final Map<Transition, AtomicLong> counts = new EnumMap<>(Transition.class);
  private final FlightRecorder recorder = new FlightRecorder();
  private final LogRateLimit limit = new LogRateLimit();

  /** By transition, those of this round that got no line. */
  private final Map<Transition, Long> suppressed = new EnumMap<>(Transition.class);

  private boolean logging;
  private volatile long longestMillis;

  TransitionReporter() {
    for (Transition each : Transition.values()) {
      counts.put(each, new AtomicLong());
    }
  }

  /**
   * Starts a round.
   *
   * @param wanted whether transitions are logged
   */
  void begin(int now, boolean wanted) {
    logging = wanted;
    limit.at(now);
  }

  /** Logs, records and counts one transition; in this order, since logging can lack memory. */
  void report(TransitionEvent event) {
    if (!logging) {
      // counted and recorded
    } else if (!limit.isReached()) {
      event.connection.addOriginTo(event.line);
      write(
          event.line,
          event.transition != Transition.RECOVERED && event.transition != Transition.CLOSED);
      limit.written();
    } else {
      suppressed.merge(event.transition, 1L, Long::sum);
    }
    record(event);
    counts.get(event.transition).incrementAndGet();
    longestMillis = Math.max(longestMillis, event.halfOpenMillis);
  }

  /** Ends a round: logs the sum of what got no line of its own. */
  void end() {
    if (suppressed.isEmpty()) {
      return;
    }
    long sum = 0;
    for (long number : suppressed.values()) {
      sum += number;
    }
    Line line = new Line("rate-limited").add("suppressed", sum);
    for (Map.Entry<Transition, Long> each : suppressed.entrySet()) {
      line.add(each.getKey().text(), each.getValue());
    }
    suppressed.clear();
    write(line, true);
  }

  /** Gets ready to record, if a flight recording may be on by now. */
  void prepareRecorder() {
    recorder.isReady();
  }

  void record(TransitionEvent event) {
    recorder.record(event);
  }

  void write(Line line, boolean warning) {
    if (warning) {
      Log.warn(line);
    } else {
      Log.info(line);
    }
  }

  /** Returns the counters now. */
  WatchStatus status(int watched, int halfOpenNow, long rounds) {
    Map<Transition, Long> now = new EnumMap<>(Transition.class);
    for (Map.Entry<Transition, AtomicLong> each : counts.entrySet()) {
      now.put(each.getKey(), each.getValue().get());
    }
    return new WatchStatus(now, watched, halfOpenNow, longestMillis, rounds);
  }
}
