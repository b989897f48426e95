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

  final FlightRecorder recorder = new FlightRecorder();
  private final Map<Transition, AtomicLong> counts = new EnumMap<>(Transition.class);

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
      recorder.isReady(); // prepared before an event: a recording may have been started
    }
  }

  /**
   * Logs, counts and records one transition. Only logging can throw, an OutOfMemoryError: it comes
   * first, so that the caller can report the transition again and no line is written twice.
   *
   * @param halfOpenMillis for how long the connection was half-open; 0 where it was not
   * @param line from {@link ConnectionDescription#line}
   */
  void report(
      Transition transition, ConnectionDescription connection, long halfOpenMillis, Line line) {
    if (logging && linesLeft > 0) {
      connection.addOriginTo(line);
      write(line, transition != Transition.RECOVERED && transition != Transition.CLOSED);
      linesLeft--;
    } else if (logging) {
      Long before = suppressed.get(transition);
      suppressed.put(transition, before == null ? 1 : before + 1);
    }
    counts.get(transition).incrementAndGet();
    longestMillis = Math.max(longestMillis, halfOpenMillis);
    record(transition, connection, halfOpenMillis);
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

  void record(Transition transition, ConnectionDescription connection, long halfOpenMillis) {
    recorder.record(transition, connection, halfOpenMillis);
  }

  void write(Line line, boolean warning) {
    if (warning) {
      Log.warn(line);
    } else {
      Log.info(line);
    }
  }

  /** Adds the counters by their names in the status report. Any thread. */
  void addTo(Map<String, Long> status) {
    long probes = counts.get(Transition.UNANSWERED_PROBES).get();
    status.put("half-open-ever", probes + counts.get(Transition.UNACKNOWLEDGED_DATA).get());
    for (Map.Entry<Transition, AtomicLong> each : counts.entrySet()) {
      status.put(each.getKey().counter(), each.getValue().get());
    }
    status.put("longest-ms", longestMillis);
  }
}
