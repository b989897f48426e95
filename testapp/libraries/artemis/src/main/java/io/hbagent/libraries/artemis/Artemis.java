package io.hbagent.libraries.artemis;

import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.hbagent.libraries.kit.Scratch;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;

/** Artemis, its client and an embedded broker. */
final class Artemis {
  private Artemis() {}

  public static void main(String[] args) {
    Scenario.run(
        "Artemis",
        EmbeddedActiveMQ.class,
        report -> {
          report.against("itself");
          report.note("sets SO_KEEPALIVE itself, both ends, and has no switch for it");
          connect(report);
        });
  }

  private static void connect(Report report) throws Exception {
    int port = Scratch.ports(1).get(0);
    String uri = "tcp://127.0.0.1:" + port;
    Configuration configuration =
        new ConfigurationImpl()
            .setPersistenceEnabled(false)
            .setSecurityEnabled(false)
            .setJMXManagementEnabled(false)
            .addAcceptorConfiguration("tcp", uri);
    EmbeddedActiveMQ broker = new EmbeddedActiveMQ().setConfiguration(configuration).start();
    try (ServerLocator locator = ActiveMQClient.createServerLocator(uri);
        ClientSessionFactory factory = locator.createSessionFactory();
        ClientSession session = factory.createSession()) {
      report.client(port);
      report.server(port);
      session.start();
    } finally {
      broker.stop();
    }
  }
}
