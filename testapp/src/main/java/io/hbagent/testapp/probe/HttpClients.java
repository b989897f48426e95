package io.hbagent.testapp.probe;

import java.io.DataInputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** {@code HttpURLConnection}. */
final class HttpClients {
  private HttpClients() {}

  static void add(Map<String, Scenario> into) {
    into.put(
        "http-url",
        setting -> {
          try (Http server = new Http(setting)) {
            HttpURLConnection connection =
                (HttpURLConnection) new URL(server.url()).openConnection();
            byte[] body = new byte[2];
            int status = connection.getResponseCode();
            new DataInputStream(connection.getInputStream()).readFully(body);
            Http.check(status, new String(body, StandardCharsets.US_ASCII));
            connection.disconnect();
          }
        });
  }
}
