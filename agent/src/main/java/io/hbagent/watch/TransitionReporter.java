package io.hbagent.watch;

import io.hbagent.log.Line;
import io.hbagent.log.Log;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Logs, counts and records every transition. Within {@value #PERIOD_MILLIS} ms {@value #LINES} get
 * a line of their own; the others are summed up in one line a round. On the watchdog's thread;
 * {@link #addTo} on any.
 */
class TransitionReporter {

  static final int LINES = 20;
  static final int PERIOD_MILLIS = 10_000;

  private final Map<Transition, AtomicLong> counts = new EnumMap<>(Transition.class);
  private final FlightRecorder recorder = new FlightRecorder();

  /** By transition, those of this round that got no line. */
  private final Map<Transition, Long> suppressed = new EnumMap<>(Transition.class);

  private int periodStart;
  private int linesLeft = LINES;
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
   * @param now in ms, from any beginning: negative on a host that has been up for 25 to 50 days
   * @param wanted whether transitions are logged
   */
  void begin(int now, boolean wanted) {
    logging = wanted;
    if (Integer.compareUnsigned(now - periodStart, PERIOD_MILLIS) >= 0) {
      periodStart = now;
      linesLeft = LINES;
    }
  }

  /**
   * Logs, counts and records one transition. Only logging can throw, an OutOfMemoryError: it comes
   * first, so that the caller can report the transition again and no line is written twice.
   */
  void report(TransitionEvent event) {
    if (logging && linesLeft > 0) {
      event.connection.addOriginTo(event.line);
      write(
          event.line,
          event.transition != Transition.RECOVERED && event.transition != Transition.CLOSED);
      linesLeft--;
    } else if (logging) {
      Long before = suppressed.get(event.transition);
      suppressed.put(event.transition, before == null ? 1 : before + 1);
    }
    counts.get(event.transition).incrementAndGet();
    longestMillis = Math.max(longestMillis, event.halfOpenMillis);
    record(event);
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
    write(line, true);
    suppressed.clear();
  }

  /** Prepares for recording, if a flight recording may be on by now. */
  void prepareRecorder() {
    recorder.isReady();
  }

  /** Removes the event's type from the flight recorder, until it is used again. */
  void closeRecorder() {
    recorder.close();
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

  private long count(Transition which) {
    return counts.get(which).get();
  }

  /** Adds the counters by their names in the status report. Any thread. */
  void addTo(Map<String, Long> status) {
    status.put(
        "half-open-ever",
        count(Transition.UNANSWERED_PROBES) + count(Transition.UNACKNOWLEDGED_DATA));
    for (Transition each : counts.keySet()) {
      status.put(each.counter(), count(each));
    }
    status.put("longest-ms", longestMillis);
  }
}
