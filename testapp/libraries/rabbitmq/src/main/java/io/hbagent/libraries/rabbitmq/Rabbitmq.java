package io.hbagent.libraries.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.SocketConfigurators;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.qpid.server.SystemLauncher;

/** RabbitMQ's Java client, with each of its three kinds of I/O. */
final class Rabbitmq {
  private static final int LIMIT_MILLIS = Scenario.LIMIT_SECONDS * 1000;

  private Rabbitmq() {}

  @SuppressWarnings("deprecation") // of useNio: applications have it until netty takes its place
  public static void main(String[] args) {
    Scenario.run(
        "RabbitMQ Java client",
        ConnectionFactory.class,
        report -> {
          String brokerName = "Qpid Broker-J " + Scenario.version(SystemLauncher.class);
          report.against(brokerName);
          Report accepted = report.variant("as accepted by " + brokerName).against("the client");
          try (Broker running = new Broker()) {
            int port = running.port();
            get(accepted, report.variant(""), port, factory -> {});
            get(
                accepted,
                report.variant("setKeepAlive(true) in a SocketConfigurator"),
                port,
                factory ->
                    factory.setSocketConfigurator(
                        SocketConfigurators.defaultConfigurator()
                            .andThen(socket -> socket.setKeepAlive(true))));
            get(accepted, report.variant("useNio()"), port, ConnectionFactory::useNio);
            get(accepted, report.variant("netty()"), port, ConnectionFactory::netty);
          }
        });
  }

  private static void get(
      Report accepted, Report report, int port, Consumer<ConnectionFactory> settings)
      throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(port);
    factory.setConnectionTimeout(LIMIT_MILLIS);
    factory.setChannelRpcTimeout(LIMIT_MILLIS);
    settings.accept(factory);
    try (Connection connection = factory.newConnection()) {
      report.client(port);
      accepted.server(port);
      Channel channel = connection.createChannel();
      String queue = channel.queueDeclare().getQueue();
      channel.basicPublish("", queue, null, "42".getBytes(StandardCharsets.UTF_8));
      GetResponse got = channel.basicGet(queue, true);
      if (got == null || !new String(got.getBody(), StandardCharsets.UTF_8).equals("42")) {
        throw new AssertionError("another message came back");
      }
    }
  }
}
