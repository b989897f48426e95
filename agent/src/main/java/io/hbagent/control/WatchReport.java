package io.hbagent.control;

import io.hbagent.watch.WatchStatus;

/** What the watchdog has seen, as a record of the status. */
public final class WatchReport {

  private WatchReport() {}

  /** Adds it; nothing when the watchdog was never on. */
  public static Report add(Report report, WatchStatus status) {
    if (status == null) {
      return report;
    }
    ReportEntry record = report.add("watchdog").add("watched", status.watched());
    record.add("rounds", status.rounds()).add("half-open-now", status.halfOpenNow());
    record.add("half-open-ever", status.halfOpenEver());
    record.add("unanswered-probes", status.unansweredProbes());
    record.add("unacknowledged-data", status.unacknowledgedData());
    record.add("recovered", status.recovered()).add("dead-timeout", status.deadByTimeout());
    record.add("dead-reset", status.deadByReset()).add("closed", status.closed());
    record.add("half-closed", status.halfClosed()).add("longest-ms", status.longestMillis());
    return report;
  }
}
