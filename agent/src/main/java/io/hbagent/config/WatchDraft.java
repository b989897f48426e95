package io.hbagent.config;

/** The watchdog's keys while they are being read. */
final class WatchDraft {

  /** Of {@link #sweep}: on with the watchdog. */
  static final int STANDARD_SWEEP = -1;

  private static final int HOUR = 3_600_000;

  boolean watchdog;

  /** In milliseconds; 0: the standard one. */
  int interval;

  /** In milliseconds; 0: off. */
  int sweep = STANDARD_SWEEP;

  int halfClosedAfter = 60_000;
  boolean origin;

  void set(Key key, Entry entry) throws BadOption {
    if (key == Key.WATCHDOG) {
      boolean word = entry.value.equals("true") || entry.value.equals("false");
      watchdog = !entry.value.equals("false");
      interval = word ? 0 : Values.millis(entry, 100, HOUR, key);
    } else if (key == Key.SWEEP) {
      sweep = entry.value.equals("off") ? 0 : Values.millis(entry, 500, HOUR, key);
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
    if (sweep != STANDARD_SWEEP) {
      out.append(",sweep=").append(sweep == 0 ? "off" : Values.duration(sweep));
    }
    out.append(",half-closed-after=").append(Values.duration(halfClosedAfter));
    out.append(",origin=").append(origin);
  }
}
