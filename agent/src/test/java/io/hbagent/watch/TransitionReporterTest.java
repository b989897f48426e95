package io.hbagent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Role;
import io.hbagent.log.Line;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is logged, counted and recorded of many transitions in one round. */
class TransitionReporterTest {

  private static final class Written extends TransitionReporter {

    final List<String> lines = new ArrayList<>();
    int recorded;

    @Override
    void record(TransitionEvent event) {
      recorded++;
    }

    @Override
    void write(Line line, boolean warning) {
      lines.add(line.toString());
    }
  }

  private final Written reporter = new Written();

  private void round(int now, int transitions) {
    reporter.begin(now, true);
    for (int i = 0; i < transitions; i++) {
      ConnectionDescription connection =
          new ConnectionDescription(
              i, "local", "remote", Role.CLIENT, null, Policy.STANDARD, 0, "opener");
      reporter.report(new TransitionEvent(Transition.DEAD_TIMEOUT, connection).after(i));
    }
    reporter.end();
  }

  @Test
  void linesBeyondTheLimitAreSummedUpOnceARound() {
    round(0, 5_000);
    assertEquals(21, reporter.lines.size());
    assertTrue(reporter.lines.get(0).contains("opened-by=opener"), reporter.lines.get(0));
    assertEquals("event=rate-limited suppressed=4980 dead-timeout=4980", reporter.lines.get(20));
    assertEquals(5_000, reporter.recorded);
    assertEquals(5_000, reporter.status(0, 0, 0).deadByTimeout());
    assertEquals(4_999, reporter.status(0, 0, 0).longestMillis());
    round(500, 0);
    assertEquals(21, reporter.lines.size(), "the sum is logged once");
    round(1_000, 3);
    assertEquals("event=rate-limited suppressed=3 dead-timeout=3", reporter.lines.get(21));
    round(LogRateLimit.MILLIS, 1);
    assertEquals(23, reporter.lines.size(), "a new period");
  }

  @Test
  void withoutLoggingItIsCountedAndRecorded() {
    reporter.begin(0, false);
    round(0, 0);
    assertEquals(List.of(), reporter.lines);
    reporter.begin(0, false);
    reporter.report(
        new TransitionEvent(
            Transition.RECOVERED,
            new ConnectionDescription(
                1, "local", "remote", Role.SERVER, null, Policy.STANDARD, 0, null)));
    reporter.end();
    assertEquals(List.of(), reporter.lines);
    assertEquals(1, reporter.recorded);
    assertEquals(1, reporter.status(0, 0, 0).recovered());
  }
}
