package io.hbagent.it;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A connection that passes no hook, as a native library opens it: found among the open sockets of
 * the process within one sweep.
 */
class SweepXIT {

  private static final String UNTOUCHED = "keepalive=0 ";

  /** A limit, not a wait: several sweeps. */
  private static final int LONG_MILLIS = 20_000;

  /** Several rounds of the watchdog. */
  private static final int SHORT_MILLIS = 3_000;

  @TestFactory
  Stream<DynamicTest> foundWithinOneSweep() {
    return Jdk.each(jdk -> given(run(jdk, ",sweep=1s", LONG_MILLIS)));
  }

  @TestFactory
  Stream<DynamicTest> onWithTheWatchdog() {
    return Jdk.each(jdk -> given(run(jdk, ",watchdog", LONG_MILLIS)));
  }

  @TestFactory
  Stream<DynamicTest> offEvenWithTheWatchdog() {
    return Jdk.each(jdk -> left(run(jdk, ",watchdog=500ms,sweep=off", SHORT_MILLIS)));
  }

  /** The scenario is a real one: without a sweep nothing else reaches the connection. */
  @TestFactory
  Stream<DynamicTest> offUnlessAskedFor() {
    return Jdk.each(jdk -> left(run(jdk, "", SHORT_MILLIS)));
  }

  private static ProbeRun run(Jdk jdk, String options, int waitMillis) throws Exception {
    return new Jvm(jdk)
        .option("-Dprobe.wait=" + waitMillis)
        .agent(ProbeRun.OPTIONS + options)
        .probe("--families=4", "--threads=platform", "native");
  }

  private static void given(ProbeRun run) {
    run.all(ProbeRun.POLICY).noFailures();
  }

  private static void left(ProbeRun run) {
    run.noFailures();
    for (ProbeRun.Line line : run.lines()) {
      boolean client = line.end().equals("end=client");
      String wanted = client ? UNTOUCHED : ProbeRun.POLICY;
      run.check(line.options().startsWith(wanted), wanted + " on " + line.key());
    }
  }
}
