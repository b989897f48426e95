package io.hbagent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Role;
import io.hbagent.log.Line;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is logged, counted and recorded of many transitions in one round. */
class TransitionReporterTest {

  private static final int DAY = 86_400_000;

  private static final class Written extends TransitionReporter {

    long status(String counter) {
      Map<String, Long> status = new HashMap<>();
      addTo(status);
      return status.get(counter);
    }

    final List<String> lines = new ArrayList<>();
    int recorded;
    boolean full;

    @Override
    void record(Transition transition, ConnectionDescription connection, long millis) {
      recorded++;
    }

    @Override
    void write(Line line, boolean warning) {
      if (full) {
        throw new OutOfMemoryError("as if");
      }
      lines.add(line.toString());
    }
  }

  private final Written reporter = new Written();

  private void round(int now, int transitions) {
    reporter.begin(now, true);
    for (int i = 0; i < transitions; i++) {
      report(Transition.DEAD_TIMEOUT, i);
    }
    reporter.end();
  }

  private void report(Transition transition, int fd) {
    ConnectionDescription connection =
        new ConnectionDescription(
            fd, "local", "remote", Role.CLIENT, null, Policy.STANDARD, 0, "opener");
    reporter.report(transition, connection, fd, connection.line(transition));
  }

  @Test
  void linesBeyondTheLimitAreSummedUpOnceARound() {
    round(0, 5_000);
    assertEquals(21, reporter.lines.size());
    assertTrue(reporter.lines.get(0).contains("opened-by=opener"), reporter.lines.get(0));
    assertEquals("event=rate-limited suppressed=4980 dead-timeout=4980", reporter.lines.get(20));
    assertEquals(5_000, reporter.recorded);
    assertEquals(5_000, reporter.status("dead-timeout"));
    assertEquals(4_999, reporter.status("longest-ms"));
    round(500, 0);
    assertEquals(21, reporter.lines.size(), "the sum is logged once");
    round(1_000, 3);
    assertEquals("event=rate-limited suppressed=3 dead-timeout=3", reporter.lines.get(21));
    round(TransitionReporter.PERIOD_MILLIS, 1);
    assertEquals(23, reporter.lines.size(), "a new period");
  }

  /** The clock counts from the host's start, in an int: after 25 days it is negative. */
  @ParameterizedTest
  @ValueSource(ints = {0, 5_000, DAY, 24 * DAY, Integer.MAX_VALUE - 5_000, -DAY, -20 * DAY})
  void twentyLinesThenNoneForTenSeconds(int begin) {
    round(begin + 20_000, 20);
    assertEquals(20, reporter.lines.size());
    round(begin + 20_000 + 9_999, 5);
    assertEquals(21, reporter.lines.size(), "one sum");
    round(begin + 20_000 + 10_000, 7);
    assertEquals(28, reporter.lines.size(), "a few lines are all written");
    round(begin + 20_000 + 20 * DAY, 20);
    assertEquals(48, reporter.lines.size(), "after a long silence");
  }

  /** The caller reports it again, and it is one line and one count all the same. */
  @Test
  void whatWasNotLoggedIsNeitherCountedNorRecorded() {
    reporter.full = true;
    assertThrows(OutOfMemoryError.class, () -> round(0, 1));
    assertEquals(0, reporter.recorded);
    assertEquals(0, reporter.status("dead-timeout"));
    reporter.full = false;
    round(0, 20);
    assertEquals(20, reporter.lines.size());
    assertEquals(20, reporter.status("dead-timeout"));
  }

  @Test
  void aSumThatWasNotLoggedIsNotLost() {
    round(0, 20);
    reporter.begin(1, true);
    report(Transition.CLOSED, 1);
    reporter.full = true;
    assertThrows(OutOfMemoryError.class, reporter::end);
    reporter.full = false;
    round(2, 1);
    assertEquals("event=rate-limited suppressed=2 dead-timeout=1 closed=1", reporter.lines.get(20));
  }

  @Test
  void withoutLoggingItIsCountedAndRecorded() {
    reporter.begin(0, false);
    round(0, 0);
    assertEquals(List.of(), reporter.lines);
    reporter.begin(0, false);
    report(Transition.RECOVERED, 1);
    reporter.end();
    assertEquals(List.of(), reporter.lines);
    assertEquals(1, reporter.recorded);
    assertEquals(1, reporter.status("recovered"));
  }
}
