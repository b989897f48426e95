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

  private static final int LOOKS_BEFORE_SWEEP = 121;

  private final Settings settings = settings();
  private final KeepaliveManager keeper =
      new KeepaliveManager(settings.rules(), settings.conflict());
  private int attempts;
  private final WatchdogSwitch watchdog =
      new WatchdogSwitch(this::weave, keeper, new ConnectionListener(keeper, new AgentThread()));

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

  private void lookUntilTheWatchdogIsDue(AgentService service) {
    for (int i = 0; i < LOOKS_BEFORE_SWEEP; i++) {
      service.look();
    }
  }

  @Test
  void watchdogThatFailedIsTriedAgain() {
    AgentService service =
        new AgentService(
            new Hooks(null, false), keeper, watchdog, null, settings, request -> request);
    int before = Failures.count();
    lookUntilTheWatchdogIsDue(service);
    assertEquals(2, attempts, "when it begins, and in the step of the watchdog");
    service.look();
    assertEquals(3, attempts);
    assertTrue(Failures.count() - before >= 3, "counted");
  }

  @Test
  void stepsBehindOneThatFailsAreDone() throws Exception {
    ObjectName bean = new ObjectName("io.hbagent:type=Agent");
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    assertFalse(server.isRegistered(bean));
    AgentService service =
        new AgentService(
            new Hooks(null, false), keeper, watchdog, null, settings, request -> request);
    lookUntilTheWatchdogIsDue(service);
    assertTrue(server.isRegistered(bean));
    server.unregisterMBean(bean);
  }
}
