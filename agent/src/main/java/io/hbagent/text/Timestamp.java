package io.hbagent.text;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Times in UTC as ISO 8601 writes them, of fixed length. Without a {@code DateTimeFormatter}, which
 * loads the JDK's locale data.
 */
public final class Timestamp {

  private Timestamp() {}

  /** Returns a time in milliseconds since 1970 as {@code 2026-01-01T00:00:00.000Z}. */
  public static String millis(long time) {
    return text(time, "2026-01-01T00:00:00.000".length());
  }

  /**
   * Returns a time in milliseconds since 1970, cut to its second, as {@code 2026-01-01T00:00:00Z}.
   */
  public static String seconds(long time) {
    return text(time, "2026-01-01T00:00:00".length());
  }

  private static String text(long time, int length) {
    // LocalDateTime leaves out seconds and fractions that are zero; the odd nanosecond is not.
    int nanos = (int) (time % 1000) * 1_000_000 + 1;
    LocalDateTime utc = LocalDateTime.ofEpochSecond(time / 1000, nanos, ZoneOffset.UTC);
    return utc.toString().substring(0, length) + 'Z';
  }
}
