package io.hbagent.libraries.kit;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;

/** An HTTP client for scenarios whose library is a server. */
public final class HttpGet {
  private static final int LIMIT_MILLIS = Scenario.LIMIT_SECONDS * 1000;

  private HttpGet() {}

  /**
   * Requests the root of a server, and adds the client to the report.
   *
   * @param port of the server, on 127.0.0.1
   * @throws IOException if the answer is not one of success, as when the server's handler has
   *     thrown
   */
  public static void root(Report report, int port) throws IOException {
    report.against("HttpURLConnection");
    HttpURLConnection connection =
        (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/").toURL().openConnection();
    connection.setConnectTimeout(LIMIT_MILLIS);
    connection.setReadTimeout(LIMIT_MILLIS);
    try (InputStream answer = connection.getInputStream()) {
      answer.readAllBytes();
    }
    connection.disconnect();
  }
}
