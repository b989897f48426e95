package io.hbagent.libraries.okhttp;

import io.hbagent.libraries.http.HttpPeer;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/**
 * OkHttp in both versions of HTTP, and with keepalive by the application's SocketFactory. The first
 * the application sees of a connection is its listener's connectEnd.
 */
final class Okhttp {
  private static final Duration LIMIT = Duration.ofSeconds(Scenario.LIMIT_SECONDS);

  private Okhttp() {}

  public static void main(String[] args) {
    Scenario.run(
        "OkHttp",
        OkHttpClient.class,
        report -> {
          OkHttpClient plain = new OkHttpClient.Builder().callTimeout(LIMIT).build();
          call(report.variant("HTTP/1.1"), plain, Protocol.HTTP_1_1);
          call(
              report.variant("HTTP/2"),
              plain.newBuilder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)).build(),
              Protocol.H2_PRIOR_KNOWLEDGE);
          call(
              report.variant("SocketFactory with setKeepAlive(true)"),
              plain.newBuilder().socketFactory(new KeepingAlive()).build(),
              Protocol.HTTP_1_1);
        });
  }

  private static void call(Report report, OkHttpClient client, Protocol protocol) throws Exception {
    try (HttpPeer peer = new HttpPeer(report)) {
      OkHttpClient reporting =
          client.newBuilder().eventListener(new Connected(report, peer.port())).build();
      Request request = new Request.Builder().url(peer.uri().toURL()).build();
      try (Response response = reporting.newCall(request).execute()) {
        if (!response.isSuccessful() || response.protocol() != protocol) {
          throw new IOException(response.toString());
        }
      }
    }
  }

  private static final class Connected extends EventListener {
    private final Report report;
    private final int port;

    Connected(Report report, int port) {
      this.report = report;
      this.port = port;
    }

    @Override
    public void connectEnd(Call call, InetSocketAddress address, Proxy proxy, Protocol protocol) {
      try {
        report.client(port);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
