package io.hbagent.libraries.httpclient5;

import io.hbagent.libraries.http.HttpPeer;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.IOReactorConfig;

/**
 * Both clients of Apache HttpClient 5, as they are, and with their own switches. The first the
 * application sees of a connection is that its interceptor is called.
 */
final class Httpclient5 {
  private static final int LIMIT_SECONDS = Scenario.LIMIT_SECONDS;

  private Httpclient5() {}

  public static void main(String[] args) {
    Scenario.run(
        "Apache HttpClient",
        HttpClient.class,
        report -> {
          classic(report.variant("classic").ownTimers(), SocketConfig.custom());
          classic(
              report.variant("classic, tcpKeepIdle=30"), SocketConfig.custom().setTcpKeepIdle(30));
          classic(
              report.variant("classic, soKeepAlive=false"),
              SocketConfig.custom().setSoKeepAlive(false));
          async(report.variant("async").ownTimers(), IOReactorConfig.custom());
          async(
              report.variant("async, tcpKeepIdle=30"), IOReactorConfig.custom().setTcpKeepIdle(30));
          async(
              report.variant("async, soKeepAlive=false"),
              IOReactorConfig.custom().setSoKeepAlive(false));
          async2(report.variant("async, HTTP/2").ownTimers());
        });
  }

  private static void classic(Report report, SocketConfig.Builder socket) throws Exception {
    try (HttpPeer peer = new HttpPeer(report)) {
      HttpClientBuilder builder =
          HttpClients.custom()
              .setConnectionManager(
                  PoolingHttpClientConnectionManagerBuilder.create()
                      .setDefaultSocketConfig(
                          socket.setSoTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).build())
                      .build())
              .addRequestInterceptorFirst((request, entity, context) -> report.client(peer.port()));
      try (CloseableHttpClient client = builder.build()) {
        client.execute(
            new HttpGet(peer.uri()),
            response -> {
              check(response, HttpVersion.HTTP_1_1);
              return response;
            });
      }
    }
  }

  private static void async(Report report, IOReactorConfig.Builder reactor) throws Exception {
    async(
        report,
        HttpAsyncClients.custom().setIOReactorConfig(reactor.build()),
        HttpVersion.HTTP_1_1);
  }

  private static void async2(Report report) throws Exception {
    TlsConfig http2 = TlsConfig.custom().setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_2).build();
    async(
        report,
        HttpAsyncClients.custom()
            .setConnectionManager(
                PoolingAsyncClientConnectionManagerBuilder.create()
                    .setDefaultTlsConfig(http2)
                    .build()),
        HttpVersion.HTTP_2);
  }

  private static void async(Report report, HttpAsyncClientBuilder builder, ProtocolVersion version)
      throws Exception {
    try (HttpPeer peer = new HttpPeer(report)) {
      builder.addRequestInterceptorFirst((request, entity, context) -> report.client(peer.port()));
      try (CloseableHttpAsyncClient client = builder.build()) {
        client.start();
        SimpleHttpRequest request = SimpleRequestBuilder.get(peer.uri()).build();
        SimpleHttpResponse response =
            client.execute(request, null).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        check(response, version);
      }
    }
  }

  private static void check(HttpResponse response, ProtocolVersion version) throws IOException {
    if (response.getCode() != HttpStatus.SC_OK || !version.equals(response.getVersion())) {
      throw new IOException(response.getVersion() + " " + response);
    }
  }
}
