package io.hbagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hbagent.keepalive.Conflict;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.Rules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the process's sockets are swept for connections of native code. */
class SweepScheduleTest {

  private static final long HALF_NANOS = 500_000_000;

  private final KeepaliveManager manager = new KeepaliveManager(Rules.OFF, Conflict.ENFORCE);
  private final List<Double> sweeps = new ArrayList<>();
  private long now = Long.MAX_VALUE - 3 * HALF_NANOS; // System.nanoTime may overflow
  private double seconds;
  private final SweepSchedule schedule = new SweepSchedule(manager, now);

  private void pass(int duration, int intervalMillis) {
    for (int i = 0; i < 2 * duration; i++) {
      seconds += 0.5;
      now += HALF_NANOS;
      if (schedule.isDue(intervalMillis, now)) {
        sweeps.add(seconds);
      }
    }
  }

  private void assertSweeps(double... times) {
    assertEquals(Arrays.stream(times).boxed().toList(), sweeps);
    sweeps.clear();
  }

  @Test
  void noneWithoutNativeCodeOrAConnection() {
    pass(100, 0);
    assertSweeps();
  }

  @Test
  void atGrowingIntervalsAfterNativeCodeCame() {
    pass(100, 0);
    manager.nativeCode();
    pass(70, 0);
    assertSweeps(101.5, 103.5, 107.5, 115.5, 131.5, 163.5);
  }

  @Test
  void anewAtMostOnceAMinute() {
    for (int i = 0; i < 120; i++) {
      manager.nativeCode();
      pass(1, 0);
    }
    assertSweeps(1.5, 3.5, 7.5, 15.5, 31.5, 61.5, 63.5, 67.5, 75.5, 91.5);
  }

  @Test
  void atTheIntervalThatIsSet() {
    pass(2, 500);
    assertSweeps(0.5, 1, 1.5, 2);
    pass(10, 5_000);
    assertSweeps(7, 12);
    manager.nativeCode();
    pass(5, 5_000);
    assertSweeps(17);
    pass(5, 0);
    assertSweeps(18.5, 20.5);
  }
}
