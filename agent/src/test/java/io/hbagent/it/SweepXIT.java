package io.hbagent.it;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A connection that passes no hook, as a native library opens it: found among the open sockets of
 * the process within one sweep. {@link NativeCodeXIT} has the details.
 */
class SweepXIT {

  /** A limit, not a wait: several sweeps. */
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
