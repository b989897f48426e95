package io.hbagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hbagent.keepalive.Conflict;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.Rules;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the process's sockets are looked at for connections of native code. */
class NativeConnectionsTest {

  private static final long HALF_NANOS = 500_000_000;

  private final KeepaliveManager manager = new KeepaliveManager(Rules.OFF, Conflict.ENFORCE);
  private final List<Integer> looks = new ArrayList<>();
  private long now = Long.MAX_VALUE - 3 * HALF_NANOS; // System.nanoTime may overflow
  private int seconds;
  private final NativeConnections connections =
      new NativeConnections(manager, () -> looks.add(seconds), now);

  private void pass(int duration, boolean sweeping) {
    for (int end = seconds + duration; seconds < end; seconds++) {
      connections.lookIfDue(sweeping, now += HALF_NANOS);
      connections.lookIfDue(sweeping, now += HALF_NANOS);
    }
  }

  @Test
  void noneWithoutNativeCodeOrAConnection() {
    pass(100, false);
    assertEquals(List.of(), looks);
  }

  @Test
  void atGrowingIntervalsAfterNativeCodeCame() {
    pass(100, false);
    manager.nativeCode();
    pass(70, false);
    assertEquals(List.of(101, 103, 107, 115, 131, 163), looks);
  }

  @Test
  void anewAtMostOnceAMinute() {
    for (int i = 0; i < 120; i++) {
      manager.nativeCode();
      pass(1, false);
    }
    assertEquals(List.of(1, 3, 7, 15, 31, 61, 63, 67, 75, 91), looks);
  }

  @Test
  void noneWhereTheSweepLooks() {
    manager.nativeCode();
    pass(100, true);
    assertEquals(List.of(), looks);
    pass(100, false);
    assertEquals(1, looks.size());
  }
}
