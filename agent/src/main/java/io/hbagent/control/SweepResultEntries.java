package io.hbagent.control;

import io.hbagent.keepalive.ConnectionInfo;
import io.hbagent.keepalive.SweepResult;

/** Puts what became of the open connections into a report. */
public final class SweepResultEntries {

  private SweepResultEntries() {}

  /** The counts, and after a dry run the connections. */
  public static void add(Report report, SweepResult tally) {
    Report.Entry record = report.add("open").add("given", tally.given()).add("same", tally.same());
    record.add("turned-off", tally.turnedOff()).add("kept", tally.kept());
    record.add("listeners", tally.listeners()).add("skipped-by-rule", tally.offByRule());
    record.add("skipped-own-choice", tally.ownChoice()).add("connecting", tally.connecting());
    record.add("closed-meanwhile", tally.closed());
    for (ConnectionInfo peer : tally.would()) {
      Report.Entry one = report.add("connection").add("local", Status.text(peer.local()));
      one.add("remote", Status.text(peer.remote())).add("role", peer.role());
    }
  }
}
