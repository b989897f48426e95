package io.hbagent.libraries.vertx;

import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.TCPSSLOptions;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Vert.x, both ends, on each of its transports; as it is, and with its own switches. The first the
 * application sees of a connection is its connect handler, and the handler of a request.
 */
final class VertxBoth {
  private static final int LIMIT_SECONDS = Scenario.LIMIT_SECONDS;

  /** Of both ends alike. */
  private record Switches(String label, Consumer<TCPSSLOptions> setting) {
    static final Switches NONE = new Switches("", options -> {});
    static final Switches ON =
        new Switches(", tcpKeepAlive=true", options -> options.setTcpKeepAlive(true));
    static final Switches TIMERS =
        new Switches(
            ", tcpKeepAlive=true, idle=30, interval=7, count=4",
            options ->
                options
                    .setTcpKeepAlive(true)
                    .setTcpKeepAliveIdleSeconds(30)
                    .setTcpKeepAliveIntervalSeconds(7)
                    .setTcpKeepAliveCount(4));
  }

  private final Report report;
  private final Vertx vertx;
  private final Consumer<TCPSSLOptions> switches;

  private VertxBoth(Report report, Vertx vertx, Consumer<TCPSSLOptions> switches) {
    this.report = report;
    this.vertx = vertx;
    this.switches = switches;
  }

  public static void main(String[] args) {
    Scenario.run(
        "Vert.x",
        Vertx.class,
        report -> {
          transport(report, "NIO", Transport.NIO);
          transport(report, "epoll", Transport.EPOLL);
          transport(report, "io_uring", Transport.IO_URING);
        });
  }

  private static void transport(Report report, String name, Transport transport) throws Exception {
    Vertx vertx = null;
    for (Switches switches : List.of(Switches.NONE, Switches.ON, Switches.TIMERS)) {
      Report variant = report.variant(name + switches.label).against("itself");
      if (switches.equals(Switches.NONE)) {
        variant.note("sets SO_KEEPALIVE on every connection: to false unless configured");
      } else if (switches.equals(Switches.TIMERS) && transport == Transport.NIO) {
        variant.note("its timers are for the native transports");
      }
      if (!transport.available()) {
        variant.skip(name + " is refused here: " + transport.unavailabilityCause());
        continue;
      }
      if (vertx == null) {
        vertx = Vertx.builder().withTransport(transport).build();
      }
      new VertxBoth(variant, vertx, switches.setting).run();
    }
    if (vertx != null) {
      await(vertx.close());
    }
  }

  private void run() throws Exception {
    HttpServerOptions accepts = new HttpServerOptions();
    switches.accept(accepts);
    HttpServer server =
        await(vertx.createHttpServer(accepts).requestHandler(this::handle).listen(0, "127.0.0.1"));
    int port = server.actualPort();
    HttpClientOptions connects = new HttpClientOptions();
    switches.accept(connects);
    HttpClient client =
        vertx
            .httpClientBuilder()
            .with(connects)
            .withConnectHandler(connection -> report(() -> report.client(port)))
            .build();
    HttpClientResponse response =
        await(
            client
                .request(HttpMethod.GET, port, "127.0.0.1", "/")
                .compose(HttpClientRequest::send));
    if (response.statusCode() != HttpURLConnection.HTTP_OK) {
      throw new IOException(response.statusCode() + " " + response.statusMessage());
    }
    await(client.close());
    await(server.close());
  }

  private void handle(HttpServerRequest request) {
    report(() -> report.server(request.localAddress().port()));
    request.response().end();
  }

  private interface Look {
    void run() throws IOException;
  }

  private static void report(Look look) {
    try {
      look.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }
}
