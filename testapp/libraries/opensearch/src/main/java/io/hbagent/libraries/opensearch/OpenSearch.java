package io.hbagent.libraries.opensearch;

import io.hbagent.libraries.kit.HttpBackend;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import org.apache.hc.core5.http.HttpHost;
import org.opensearch.client.Request;
import org.opensearch.client.RestClient;

/** OpenSearch's low-level client. Its connection is in the pool after the first answer. */
@SuppressWarnings("deprecation") // in favour of a client that is built upon it
final class OpenSearch {
  private OpenSearch() {}

  public static void main(String[] args) {
    Scenario.run(
        "OpenSearch",
        RestClient.class,
        report -> get(report.variant("RestClient").against(HttpBackend.name()).ownTimers()));
  }

  private static void get(Report report) throws Exception {
    try (HttpBackend backend = new HttpBackend();
        RestClient client =
            RestClient.builder(new HttpHost("http", "127.0.0.1", backend.port())).build()) {
      client.performRequest(new Request("GET", "/"));
      report.client(backend.port());
    }
  }
}
