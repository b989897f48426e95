package io.hbagent.testapp.probe;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code java.net.http.HttpClient}, in JDK 11 and newer. */
final class HttpClients11 {
  private HttpClients11() {}

  static void add(Map<String, Scenario> into) {
    into.put(
        "http-client-send",
        setting -> {
          try (Http server = new Http(setting)) {
            check(HttpClient.newHttpClient().send(request(server), BodyHandlers.ofString()));
          }
        });
    into.put(
        "http-client-async",
        setting -> {
          HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
          try (Http server = new Http(setting)) {
            check(
                client
                    .sendAsync(request(server), BodyHandlers.ofString())
                    .get(Setting.LIMIT_SECONDS, TimeUnit.SECONDS));
          }
        });
  }

  private static HttpRequest request(Http server) {
    return HttpRequest.newBuilder(URI.create(server.url())).build();
  }

  private static void check(HttpResponse<String> response) throws Exception {
    Http.check(response.statusCode(), response.body());
  }
}
