package io.hbagent.libraries.dubbo;

import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.hbagent.libraries.kit.Scratch;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.dubbo.common.Version;
import org.apache.dubbo.config.ApplicationConfig;
import org.apache.dubbo.config.ProtocolConfig;
import org.apache.dubbo.config.ReferenceConfig;
import org.apache.dubbo.config.RegistryConfig;
import org.apache.dubbo.config.ServiceConfig;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;

/** Dubbo, both ends, without a registry. */
final class Dubbo {

  /** The service. */
  public interface Answer {
    /** Returns 42. */
    int ask();
  }

  private static final String NOTE =
      "the server sets SO_KEEPALIVE to its parameter keep.alive, by default false; the client to true";

  private static final int LIMIT_MILLIS = Scenario.LIMIT_SECONDS * 1000;

  private Dubbo() {}

  public static void main(String[] args) {
    Scenario.run("Dubbo", Version.class, report -> call(report.against("itself").note(NOTE)));
  }

  private static void call(Report report) throws IOException {
    System.setProperty("dubbo.service.shutdown.wait", "0"); // else ten seconds
    int port = Scratch.ports(1).get(0);
    ServiceConfig<Answer> service = new ServiceConfig<>();
    service.setInterface(Answer.class);
    service.setRef(
        () -> {
          look(report, port);
          return 42;
        });
    ProtocolConfig protocol = new ProtocolConfig("dubbo", port);
    protocol.setHost("127.0.0.1");
    ReferenceConfig<Answer> reference = new ReferenceConfig<>();
    reference.setInterface(Answer.class);
    reference.setTimeout(LIMIT_MILLIS);
    reference.setUrl("dubbo://127.0.0.1:" + port);
    ApplicationConfig application = new ApplicationConfig("hb-agent");
    application.setQosEnable(false);
    DubboBootstrap dubbo =
        DubboBootstrap.getInstance()
            .application(application)
            .registry(new RegistryConfig(RegistryConfig.NO_AVAILABLE))
            .protocol(protocol)
            .service(service)
            .reference(reference)
            .start();
    if (reference.get().ask() != 42) {
      throw new IOException("asked for 42");
    }
    dubbo.stop();
  }

  /** Both ends are in this process. */
  private static void look(Report report, int port) {
    try {
      report.client(port);
      report.server(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
