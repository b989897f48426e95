package io.hbagent.libraries.lettuce;

import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.resource.EpollProvider;
import java.time.Duration;

/**
 * Lettuce, over the transport it finds: NIO, or epoll where Netty's native part is on the class
 * path. Which it is holds for the process, so that the folder lettuceepoll runs this class again,
 * and says so by a resource: the native part may be there and not be of use on this machine.
 */
final class Lettuce {

  private static final boolean EPOLL = Lettuce.class.getResource("/over-epoll") != null;

  private static final Duration LIMIT = Duration.ofSeconds(Scenario.LIMIT_SECONDS);

  private Lettuce() {}

  public static void main(String[] args) {
    Scenario.run(
        EPOLL ? "Lettuce over epoll" : "Lettuce",
        Scenario.version(RedisClient.class),
        report -> {
          if (EPOLL && !EpollProvider.isAvailable()) {
            report.skip("epoll is refused here");
            return;
          }
          int port = report.need("redis-server");
          ping(report.variant("").ownTimers(), port, SocketOptions.create());
          ping(
              report.variant("keepAlive=false"),
              port,
              SocketOptions.builder().keepAlive(false).build());
          KeepAliveOptions options =
              KeepAliveOptions.builder()
                  .enable()
                  .idle(Duration.ofSeconds(30))
                  .interval(Duration.ofSeconds(10))
                  .count(3)
                  .build();
          ping(
              report.variant("KeepAliveOptions 30/10/3"),
              port,
              SocketOptions.builder().keepAlive(options).build());
          if (EPOLL) { // NIO cannot, and says so
            TcpUserTimeoutOptions timeout =
                TcpUserTimeoutOptions.builder()
                    .enable()
                    .tcpUserTimeout(Duration.ofSeconds(60))
                    .build();
            ping(
                report.variant("TcpUserTimeoutOptions 60 s").ownTimers(),
                port,
                SocketOptions.builder().tcpUserTimeout(timeout).build());
          }
        });
  }

  private static void ping(Report report, int port, SocketOptions options) throws Exception {
    RedisClient client =
        RedisClient.create(
            RedisURI.builder().withHost("127.0.0.1").withPort(port).withTimeout(LIMIT).build());
    client.setOptions(ClientOptions.builder().socketOptions(options).build());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      report.client(port);
      String answer = connection.sync().ping();
      if (!answer.equals("PONG")) {
        throw new IllegalStateException("not PONG: " + answer);
      }
    } finally {
      client.shutdown(Duration.ZERO, LIMIT);
    }
  }
}
