package io.hbagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.config.BadOption;
import io.hbagent.config.Settings;
import io.hbagent.config.SettingsReader;
import io.hbagent.hook.Failures;
import io.hbagent.hook.Hooks;
import io.hbagent.keepalive.KeepaliveManager;
import java.io.File;
import java.lang.management.ManagementFactory;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** A step that fails: the others are done all the same, and it is tried again. */
class AgentServiceTest {

  private static final int RUNS_BEFORE_SWEEP = 121;

  private final Settings settings = settings();
  private final KeepaliveManager manager =
      new KeepaliveManager(settings.rules(), settings.conflict());
  private int attempts;
  private final AgentService service =
      new AgentService(
          new Hooks(null, false),
          this::weave,
          manager,
          new ConnectionListener(manager, new AgentThread()),
          null,
          settings,
          request -> request);

  private static Settings settings() {
    try {
      return SettingsReader.read("sweep=3600s", null, new File("none"));
    } catch (BadOption e) {
      throw new IllegalStateException(e);
    }
  }

  private void weave() {
    attempts++;
    throw new IllegalStateException("of the test");
  }

  private void runUntilTheWatchdogIsDue() {
    for (int i = 0; i < RUNS_BEFORE_SWEEP; i++) {
      service.runSteps();
    }
  }

  @Test
  void watchdogThatFailedIsTriedAgain() {
    int before = Failures.count();
    runUntilTheWatchdogIsDue();
    assertEquals(1, attempts);
    service.runSteps();
    assertEquals(2, attempts);
    assertTrue(Failures.count() - before >= 2, "counted");
  }

  @Test
  void stepsBehindOneThatFailsAreDone() throws Exception {
    ObjectName bean = new ObjectName("io.hbagent:type=Agent");
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    assertFalse(server.isRegistered(bean));
    runUntilTheWatchdogIsDue();
    assertTrue(server.isRegistered(bean));
    server.unregisterMBean(bean);
  }
}
