package io.hbagent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Twenty lines in ten seconds, and what the clock may show. */
class LogRateLimitTest {

  private static final int DAY = 86_400_000;

  private final LogRateLimit limit = new LogRateLimit();

  private int written(int now, int wanted) {
    limit.at(now);
    int written = 0;
    while (written < wanted && !limit.isReached()) {
      limit.written();
      written++;
    }
    return written;
  }

  /** The clock counts from the host's start, in an int: after 25 days it is negative. */
  @ParameterizedTest
  @ValueSource(ints = {0, 5_000, DAY, 24 * DAY, Integer.MAX_VALUE - 5_000, -DAY, -20 * DAY})
  void twentyLinesThenNoneForTenSeconds(int begin) {
    assertEquals(20, written(begin + 20_000, 1_000));
    assertTrue(limit.isReached());
    assertEquals(0, written(begin + 20_000 + 9_999, 5));
    assertEquals(20, written(begin + 20_000 + 10_000, 1_000));
    assertEquals(20, written(begin + 20_000 + 20 * DAY, 1_000), "after a long silence");
  }

  @Test
  void aFewLinesAreAllWritten() {
    assertEquals(7, written(0, 7));
    assertEquals(13, written(9_000, 20), "the same ten seconds");
  }

  @Test
  void lossesOfLongAgoDoNotCount() {
    LossHistory losses = new LossHistory();
    losses.survived(3, 0);
    assertEquals(6, losses.threshold(3, 599_999));
    LossHistory untouched = new LossHistory();
    untouched.survived(3, 0);
    assertEquals(3, untouched.threshold(3, (int) (30L * DAY)), "not asked for 30 days");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 75})
  void theStandardIntervalIsHalfOfIntvl(int intvl) {
    assertEquals(Math.max(500, intvl * 500), WatchSettings.standardInterval(intvl));
  }
}
