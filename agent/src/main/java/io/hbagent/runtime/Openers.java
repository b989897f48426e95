package io.hbagent.runtime;

import io.hbagent.control.ConnectionDetails;
import io.hbagent.control.Report;
import io.hbagent.keepalive.ConnectionTable;

/** How old a connection is and who opened it, for the status. */
final class Openers implements ConnectionDetails {

  private final ConnectionTable table;

  Openers(ConnectionTable table) {
    this.table = table;
  }

  @Override
  public void describe(int number, Report.Entry into) {
    if (table.entry(number) == ConnectionTable.UNKNOWN) {
      return;
    }
    int openedAt = table.openedAt(number);
    if (openedAt != ConnectionTable.UNSEEN) {
      into.add("age-s", System.nanoTime() / 1_000_000_000L - openedAt);
    }
    Object openedBy = table.openedBy(number);
    into.add("opened-by", openedBy == null ? null : openedBy.toString());
  }
}
