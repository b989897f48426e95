package io.hbagent.config;

/** The watchdog's keys while they are being read. */
final class WatchDraft {

  private static final int HOUR = 3_600_000;

  boolean watchdog;

  /** In milliseconds; 0: the standard one. */
  int interval;

  int halfClosedAfter = 60_000;
  boolean origin;

  void set(Key key, Entry entry) throws BadOption {
    if (key == Key.WATCHDOG) {
      boolean word = entry.value.equals("true") || entry.value.equals("false");
      watchdog = !entry.value.equals("false");
      interval = word ? 0 : Values.millis(entry, 100, HOUR, key);
    } else if (key == Key.HALF_CLOSED_AFTER) {
      halfClosedAfter = Values.millis(entry, 1000, 24 * HOUR, key);
    } else if (key == Key.ORIGIN) {
      origin = Values.either(entry, "true", "false", key);
    }
  }

  /** Prints the keys as they are read back. */
  void print(StringBuilder out) {
    out.append(",watchdog=")
        .append(interval > 0 ? Values.duration(interval) : String.valueOf(watchdog));
    out.append(",half-closed-after=").append(Values.duration(halfClosedAfter));
    out.append(",origin=").append(origin);
  }
}
