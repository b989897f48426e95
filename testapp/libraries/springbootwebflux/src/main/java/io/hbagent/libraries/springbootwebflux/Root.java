package io.hbagent.libraries.springbootwebflux;

import io.hbagent.libraries.kit.HttpBackend;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import java.time.Duration;
import java.util.Objects;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/** Answers the one request, with the help of a backend. */
@RestController
class Root {
  private static final Duration LIMIT = Duration.ofSeconds(Scenario.LIMIT_SECONDS);

  private final Report report;
  private final WebClient plain;
  private final WebClient keepingAlive;

  Root(Report report, WebClient.Builder builder) {
    this.report = report;
    plain = builder.build();
    keepingAlive =
        builder
            .clientConnector(
                new ReactorClientHttpConnector(
                    HttpClient.create()
                        .option(ChannelOption.SO_KEEPALIVE, true)
                        .option(EpollChannelOption.TCP_KEEPIDLE, 30)))
            .build();
  }

  @GetMapping("/")
  Mono<String> get(ServerHttpRequest request) throws Exception {
    report.server(Objects.requireNonNull(request.getLocalAddress()).getPort());
    return call("WebClient", plain)
        .then(call("WebClient, SO_KEEPALIVE=true, TCP_KEEPIDLE=30", keepingAlive))
        .thenReturn("42");
  }

  private Mono<Integer> call(String variant, WebClient client) {
    Report by = report.variant(variant).against(HttpBackend.name());
    return Mono.using(
            HttpBackend::new,
            backend ->
                client
                    .get()
                    .uri(backend.uri())
                    .exchangeToMono(
                        response ->
                            Mono.fromCallable(
                                () -> {
                                  by.client(backend.port());
                                  return response.statusCode().value();
                                })))
        .timeout(LIMIT);
  }
}
