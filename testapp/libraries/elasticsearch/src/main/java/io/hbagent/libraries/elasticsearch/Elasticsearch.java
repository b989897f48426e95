package io.hbagent.libraries.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import io.hbagent.libraries.kit.HttpBackend;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import org.apache.http.HttpHost;
import org.apache.http.impl.nio.reactor.IOReactorConfig;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RestClient;
import org.elasticsearch.client.RestClientBuilder;

/**
 * Elasticsearch's low-level clients: the older one on Apache HttpClient 4, with its own switch, and
 * the one of today on HttpClient 5. The connections are in their pools after the first answer.
 */
final class Elasticsearch {
  private Elasticsearch() {}

  public static void main(String[] args) {
    Scenario.run(
        "Elasticsearch",
        RestClient.class,
        report -> {
          report.against(HttpBackend.name());
          rest(report.variant("RestClient"), builder -> builder);
          rest(
              report.variant("RestClient, setSoKeepAlive(true)"),
              builder ->
                  builder.setHttpClientConfigCallback(
                      client ->
                          client.setDefaultIOReactorConfig(
                              IOReactorConfig.custom().setSoKeepAlive(true).build())));
          rest5(report.variant("Rest5Client").ownTimers());
        });
  }

  /** The builder's own interface for it demands a void. */
  private interface Switches {
    RestClientBuilder apply(RestClientBuilder builder);
  }

  private static void rest(Report report, Switches switches) throws Exception {
    try (HttpBackend backend = new HttpBackend();
        RestClient client =
            switches.apply(RestClient.builder(new HttpHost("127.0.0.1", backend.port()))).build()) {
      client.performRequest(new Request("GET", "/"));
      report.client(backend.port());
    }
  }

  private static void rest5(Report report) throws Exception {
    try (HttpBackend backend = new HttpBackend();
        Rest5Client client =
            Rest5Client.builder(
                    new org.apache.hc.core5.http.HttpHost("http", "127.0.0.1", backend.port()))
                .build()) {
      client.performRequest(
          new co.elastic.clients.transport.rest5_client.low_level.Request("GET", "/"));
      report.client(backend.port());
    }
  }
}
