package io.hbagent.libraries.jdk;

import com.sun.net.httpserver.HttpServer;
import io.hbagent.libraries.http.HttpPeer;
import io.hbagent.libraries.kit.HttpGet;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The JDK's two HTTP clients and its HTTP server. */
final class Jdk {
  private static final Duration LIMIT = Duration.ofSeconds(Scenario.LIMIT_SECONDS);

  private Jdk() {}

  public static void main(String[] args) {
    Scenario.run(
        "JDK",
        "of the JDK",
        report -> {
          httpClient(report.variant("HttpClient, HTTP/1.1"), HttpClient.Version.HTTP_1_1);
          httpClient(report.variant("HttpClient, HTTP/2"), HttpClient.Version.HTTP_2);
          httpUrlConnection(report.variant("HttpURLConnection"));
          httpServer(report.variant("HttpServer"));
        });
  }

  private static void httpClient(Report report, HttpClient.Version version) throws Exception {
    try (HttpPeer peer = new HttpPeer(report)) {
      HttpClient client = HttpClient.newBuilder().version(version).connectTimeout(LIMIT).build();
      HttpRequest request = HttpRequest.newBuilder(peer.uri()).timeout(LIMIT).build();
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      report.client(peer.port());
      if (response.statusCode() != HttpURLConnection.HTTP_OK || response.version() != version) {
        throw new IOException(response.version() + " " + response);
      }
    }
  }

  private static void httpUrlConnection(Report report) throws Exception {
    try (HttpPeer peer = new HttpPeer(report)) {
      HttpURLConnection connection = (HttpURLConnection) peer.uri().toURL().openConnection();
      connection.setConnectTimeout((int) LIMIT.toMillis());
      connection.setReadTimeout((int) LIMIT.toMillis());
      connection.connect();
      report.client(peer.port());
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        throw new IOException(connection.getResponseMessage());
      }
      connection.disconnect();
    }
  }

  private static void httpServer(Report report) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    int port = server.getAddress().getPort();
    server.createContext(
        "/",
        exchange -> {
          report.server(port);
          exchange.sendResponseHeaders(HttpURLConnection.HTTP_NO_CONTENT, -1);
          exchange.close();
        });
    server.start();
    HttpGet.root(report, port);
    server.stop(0);
  }
}
