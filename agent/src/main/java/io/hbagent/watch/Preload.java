package io.hbagent.watch;

import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Role;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.TcpInfo;
import io.hbagent.tcp.Timers;
import io.hbagent.text.Timestamp;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Initialises the classes that the first transition needs, while there is memory.
 *
 * <p>A class whose initialiser meets a full heap is unusable for as long as the JVM runs (JVMS 5.5,
 * step 11), and those of the JDK are the application's as well: {@code Long.valueOf}, for one.
 * FirstUseXIT holds this list against the JVM's own log.
 */
final class Preload {

  /** As the kernel writes a line ({@code net/ipv4/tcp_ipv4.c}, get_tcp4_sock). */
  private static final String TIMERS =
      "  0: 0100007F:1F90 0100007F:C350 01 00000000:00000000 02:000003E8 00000000     0        0 1\n";

  /**
   * The JDK generates classes for the first call of a method handle, and again for the 128th
   * ({@code MethodHandleStatics.CUSTOMIZE_THRESHOLD}); JDK 8 to 17 for the 16th reflective call of
   * a method ({@code sun.reflect.inflationThreshold}).
   */
  private static final int CALLS = 150;

  private static final ConnectionDescription NONE =
      new ConnectionDescription(-1, "", "", Role.CLIENT, null, Policy.OFF, 0, null);

  private interface SystemCall {
    void run() throws IOException;
  }

  private Preload() {}

  /** Runs once, on the watchdog's thread, when there is a first connection. */
  static void run(TransitionReporter reporter) {
    new TransitionEvent(Transition.HALF_CLOSED, NONE)
        .add("timer", Timers.of(TIMERS.getBytes(StandardCharsets.US_ASCII)).of(0))
        .add("state", TcpInfo.stateName(0))
        .add("since", Timestamp.seconds(0));
    FileDescriptor none = Kernel.wrap(-1); // what needs one is refused by the kernel (EBADF)
    for (int i = 0; i < CALLS; i++) {
      reporter.prepareRecorder();
      Kernel.point(none, -1);
      attempt(() -> Kernel.keepAlive(none));
    }
    attempt(() -> Kernel.userTimeout(none, 0));
    attempt(() -> Kernel.hasError(none));
    attempt(() -> Kernel.local(none));
  }

  private static void attempt(SystemCall call) {
    try {
      call.run();
    } catch (IOException e) {
      // EBADF
    }
  }
}
