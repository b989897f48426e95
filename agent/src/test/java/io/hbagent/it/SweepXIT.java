package io.hbagent.it;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A connection opened by native code, which no hook sees, is found by the next sweep of the
 * process's open sockets. {@link NativeCodeXIT} tests the details.
 */
class SweepXIT {

  /** Limit of the wait: several sweeps. */
  private static final int LONG_MILLIS = 20_000;

  @TestFactory
  Stream<DynamicTest> foundWithinOneSweep() {
    return Jdk.each(jdk -> given(jdk, ",sweep=1s"));
  }

  @TestFactory
  Stream<DynamicTest> onWithTheWatchdog() {
    return Jdk.each(jdk -> given(jdk, ",watchdog"));
  }

  private static void given(Jdk jdk, String options) throws Exception {
    new Jvm(jdk)
        .option("-Dprobe.wait=" + LONG_MILLIS)
        .agent(ProbeRun.OPTIONS + options)
        .probe("--families=4", "--threads=platform", "native")
        .all(ProbeRun.POLICY)
        .noFailures();
  }
}
