package io.hbagent.libraries.armeria;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.ClientFactoryBuilder;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.Server;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.netty.channel.ChannelOption;
import java.io.IOException;

/**
 * Armeria, both ends, on Netty's epoll, with its defaults and with SO_KEEPALIVE set by the
 * application.
 */
final class ArmeriaBoth {
  private static final int LIMIT_MILLIS = Scenario.LIMIT_SECONDS * 1000;

  private ArmeriaBoth() {}

  public static void main(String[] args) {
    Scenario.run(
        "Armeria",
        Server.class,
        report -> {
          report.against("itself");
          report.note("on Netty's epoll; user timeout: its own idle timeout and 5 s more");
          get(report.variant(""), ClientFactory.builder());
          get(
              report.variant("SO_KEEPALIVE=false"),
              ClientFactory.builder().channelOption(ChannelOption.SO_KEEPALIVE, false));
        });
  }

  private static void get(Report report, ClientFactoryBuilder builder) throws Exception {
    Server server =
        Server.builder()
            .http(0)
            .requestTimeoutMillis(LIMIT_MILLIS)
            .gracefulShutdownTimeoutMillis(0, 0)
            .service(
                "/",
                (context, request) -> {
                  look(report, context.localAddress().getPort());
                  return HttpResponse.of(HttpStatus.OK);
                })
            .build();
    server.start().join();
    try (ClientFactory factory = builder.build()) {
      WebClient client =
          WebClient.builder("http://127.0.0.1:" + server.activeLocalPort())
              .factory(factory)
              .responseTimeoutMillis(LIMIT_MILLIS)
              .build();
      HttpStatus status = client.get("/").aggregate().join().status();
      if (!status.equals(HttpStatus.OK)) {
        throw new IOException("answered " + status);
      }
    }
    server.stop().join();
  }

  /** Both ends are in this process. */
  private static void look(Report report, int port) throws IOException {
    report.client(port);
    report.server(port);
  }
}
