package io.hbagent.testapp.peer;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Checks the limit of file descriptors, of which each connection needs one. */
final class Descriptors {
  /** Descriptors for the listener, the selector, and the jars and libraries of the JVM. */
  private static final int OTHERS = 50;

  private Descriptors() {}

  /**
   * Most files this process may have open; the JVM has raised its soft limit to the hard one.
   *
   * @return Long.MAX_VALUE where there is no such limit, or none that Java knows
   */
  static long limit() {
    Object system = ManagementFactory.getOperatingSystemMXBean();
    return system instanceof UnixOperatingSystemMXBean
        ? ((UnixOperatingSystemMXBean) system).getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }

  /** Warns if the limit is too low for the number of clients. */
  static void check(int maxClients, long limit, Report report) {
    if (limit < (long) maxClients + OTHERS) {
      report.line(
          "only about %d of %d clients will fit: this process may open %d files (ulimit -Hn)",
          Math.max(0, limit - OTHERS), maxClients, limit);
    }
  }
}
