package io.hbagent.libraries.rabbitmq;

import io.hbagent.libraries.kit.Scratch;
import java.util.Map;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener.DefaultSystemLauncherListener;
import org.apache.qpid.server.model.Port;
import org.apache.qpid.server.model.SystemConfig;

/** A broker in this process that stores everything in memory. */
final class Broker implements AutoCloseable {
  private final SystemLauncher launcher;
  private final int port;

  Broker() throws Exception {
    System.setProperty("qpid.work_dir", Scratch.folder("qpid").toString());
    Started started = new Started();
    launcher = new SystemLauncher(started);
    launcher.startup(
        Map.of(
            "type",
            "Memory",
            "initialConfigurationLocation",
            Broker.class.getResource("/broker.json").toString(),
            "startupLoggedToSystemOut",
            false));
    port = started.port();
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    launcher.shutdown();
  }

  private static final class Started extends DefaultSystemLauncherListener {
    private SystemConfig<?> config;

    @Override
    public void onContainerResolve(SystemConfig<?> resolved) {
      config = resolved;
    }

    int port() {
      return config.getContainer().getChildren(Port.class).iterator().next().getBoundPort();
    }
  }
}
