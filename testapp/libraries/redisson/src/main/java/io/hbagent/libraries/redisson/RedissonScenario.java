package io.hbagent.libraries.redisson;

import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.redisson.config.SingleServerConfig;

/**
 * Redisson, as it is, and with timers of the application's. They are given to the part for the
 * server: those of {@link Config} itself are lost when it is copied, in 4.7.0. Its connections are
 * open when it was created.
 */
@SuppressWarnings("deprecation") // the switches that replace them are the ones that are lost
final class RedissonScenario {
  private static final int LIMIT_MILLIS = Scenario.LIMIT_SECONDS * 1000;

  private RedissonScenario() {}

  public static void main(String[] args) {
    Scenario.run(
        "Redisson",
        Redisson.class,
        report -> {
          int port = report.need("redis-server");
          connect(report.variant(""), port, server -> {});
          connect(
              report.variant("tcpKeepAliveIdle=30, interval=7, count=4"),
              port,
              server ->
                  server
                      .setTcpKeepAliveIdle(30)
                      .setTcpKeepAliveInterval(7)
                      .setTcpKeepAliveCount(4));
        });
  }

  private static void connect(Report report, int port, Consumer<SingleServerConfig> switches)
      throws Exception {
    Config config = new Config();
    switches.accept(
        config
            .useSingleServer()
            .setAddress("redis://127.0.0.1:" + port)
            .setConnectTimeout(LIMIT_MILLIS)
            .setTimeout(LIMIT_MILLIS)
            .setConnectionMinimumIdleSize(1)
            .setSubscriptionConnectionMinimumIdleSize(0));
    RedissonClient client = Redisson.create(config);
    try {
      report.client(port);
      client.getBucket("hb-agent").get();
    } finally {
      client.shutdown(0, 0, TimeUnit.SECONDS);
    }
  }
}
