package io.hbagent.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Seconds and fractions that are zero are written. */
class TimestampTest {
  private static final long MINUTE = 1_767_225_600_000L + (15 * 60 + 34) * 60_000L;

  @Test
  void lengthIsFixed() {
    assertEquals("2026-01-01T15:34:00.000Z", Timestamp.millis(MINUTE));
    assertEquals("2026-01-01T15:34:00.010Z", Timestamp.millis(MINUTE + 10));
    assertEquals("2026-01-01T15:34:59.999Z", Timestamp.millis(MINUTE + 59_999));
    assertEquals("2026-01-01T15:34:00Z", Timestamp.seconds(MINUTE + 999));
    assertEquals("1970-01-01T00:00:00Z", Timestamp.seconds(0));
  }
}
