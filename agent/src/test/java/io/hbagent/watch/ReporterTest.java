package io.hbagent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Role;
import io.hbagent.log.Line;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said, counted and recorded where something goes wrong in between. */
class ReporterTest {

  /** Writes into lists, and fails when it is told to. */
  private static final class Written extends Reporter {

    final List<String> lines = new ArrayList<>();
    final List<Transition> recorded = new ArrayList<>();
    Throwable failure;
    int failsFrom;

    @Override
    void record(Transition transition) {
      recorded.add(transition);
    }

    @Override
    void write(Line line, boolean warning) {
      if (lines.size() >= failsFrom && failure instanceof Error error) {
        throw error;
      }
      if (failure instanceof RuntimeException exception) {
        throw exception;
      }
      lines.add(line.toString());
    }
  }

  private final Written reporter = new Written();

  ReporterTest() {
    reporter.logging(true);
  }

  private void take(int count) {
    for (int i = 0; i < count; i++) {
      Connection connection =
          new Connection(i, "local", "remote", Role.CLIENT, null, Policy.STANDARD, 0, "opener");
      reporter.take(new Transition(Count.DEAD_TIMEOUT, connection).after(i));
    }
  }

  @Test
  void withoutMemoryItIsSaidWithTheNextRound() {
    take(2);
    reporter.failure = new OutOfMemoryError("none");
    assertThrows(OutOfMemoryError.class, () -> reporter.flush(0));
    reporter.failure = null;
    reporter.flush(500);
    reporter.flush(1_000);
    assertEquals(2, reporter.lines.size(), "each once");
    for (String line : reporter.lines) {
      assertEquals(1, line.split("opened-by=", -1).length - 1, line);
    }
    assertEquals(2, reporter.recorded.size(), "each once");
    assertEquals(2, reporter.status(0, 0, 0).deadByTimeout());
  }

  /** As many lines as a storm may have; the host needs its memory itself. */
  @Test
  void withoutMemoryNotEverythingIsKept() {
    take(5_000);
    reporter.failure = new OutOfMemoryError("none");
    for (int i = 0; i < 3; i++) {
      assertThrows(OutOfMemoryError.class, () -> reporter.flush(0));
    }
    reporter.failure = null;
    reporter.flush(10);
    assertEquals(21, reporter.lines.size());
    assertEquals("event=storm not-listed=4980 dead-timeout=4980", reporter.lines.get(20));
    assertEquals(5_000, reporter.status(0, 0, 0).deadByTimeout(), "counted all the same");
  }

  /** Of a storm the sum is said later as well, and once. */
  @Test
  void withoutMemoryTheSumIsSaidWithTheNextRound() {
    take(25);
    reporter.failsFrom = 20;
    reporter.failure = new OutOfMemoryError("none");
    assertThrows(OutOfMemoryError.class, () -> reporter.flush(0));
    assertEquals(20, reporter.lines.size());
    reporter.failure = null;
    reporter.flush(500);
    reporter.flush(1_000);
    assertEquals(21, reporter.lines.size());
    assertEquals("event=storm not-listed=5 dead-timeout=5", reporter.lines.get(20));
    assertEquals(25, reporter.recorded.size(), "each once");
  }

  /** A log that fails does so with each of them. */
  @Test
  void whatTheLogRefusesIsNotSaidAgain() {
    take(2);
    reporter.failure = new IllegalStateException("closed");
    assertThrows(IllegalStateException.class, () -> reporter.flush(0));
    reporter.failure = null;
    reporter.flush(500);
    assertEquals(List.of(), reporter.lines);
  }

  @Test
  void whatIsBeyondAStormsLinesIsSummedUp() {
    take(25);
    reporter.flush(0);
    assertEquals(21, reporter.lines.size());
    assertEquals("event=storm not-listed=5 dead-timeout=5", reporter.lines.get(20));
    assertEquals(25, reporter.recorded.size());
  }

  @Test
  void whereNoLinesAreWantedItIsCountedAndRecorded() {
    reporter.logging(false);
    take(1);
    reporter.flush(0);
    assertEquals(List.of(), reporter.lines);
    assertEquals(1, reporter.recorded.size());
    assertTrue(reporter.status(0, 0, 0).toString().contains(" dead-timeout=1 "));
  }
}
