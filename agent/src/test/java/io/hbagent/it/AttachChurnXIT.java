package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Attach while connections are opened and closed at full speed: none fails and none lacks
 * keepalive.
 */
class AttachChurnXIT {

  private static final int SECONDS = 8;
  private static final int THREADS = 4;

  @TestFactory
  Stream<DynamicTest> noConnectionFailsOrIsMissed() {
    assumeTrue(Ss.isThere(), "iproute2's ss is not installed");
    return Jdk.each(AttachChurnXIT::churn);
  }

  private static void churn(Jdk jdk) throws Exception {
    try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
      String command = "churn " + SECONDS + " " + THREADS;
      app.forked().send(command);
      app.forked().awaitOut(0, line -> line.equals("churning"));
      Cli.run(jdk, "attach", app.pid(), "idle=7").prints("connections given the policy");
      app.forked().awaitOut(0, line -> line.equals("ok " + command));
      List<String> out = app.forked().out();
      String result = out.get(out.size() - 2);
      assertTrue(result.startsWith("churned ") && result.endsWith("errors=0"), result);
      int open = Integer.parseInt(result.replaceAll(".*open=(\\d+).*", "$1"));
      Map<String, Boolean> kernel = Ss.keepalive(app.port());
      assertEquals(open, kernel.size(), "both ends of what was kept are open");
      assertEquals(List.of(), kernel.keySet().stream().filter(one -> !kernel.get(one)).toList());
      Cli.run(jdk, "status", app.pid()).prints(open + " connections", "failures: 0");
      Cli.run(jdk, "detach", "--restore", app.pid()).prints("turned off on " + open);
      assertTrue(Ss.keepalive(app.port()).values().stream().noneMatch(on -> on), "restored");
    }
  }
}
