package io.hbagent.libraries.jedis;

import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;

/** Jedis: one connection of the application's own, and the client with its pool. */
final class JedisScenario {
  private JedisScenario() {}

  public static void main(String[] args) {
    Scenario.run(
        "Jedis",
        Jedis.class,
        report -> {
          int port = report.need("redis-server");
          connection(report.variant(""), port);
          pool(report.variant("pool"), port);
        });
  }

  private static void connection(Report report, int port) throws Exception {
    try (Jedis jedis = new Jedis("127.0.0.1", port)) {
      jedis.connect();
      report.client(port);
      expectPong(jedis.ping());
    }
  }

  /** Its connections are opened by the first command that wants one. */
  private static void pool(Report report, int port) throws Exception {
    try (RedisClient client = RedisClient.create("127.0.0.1", port)) {
      expectPong(client.ping());
      report.client(port);
    }
  }

  private static void expectPong(String answer) {
    if (!answer.equals("PONG")) {
      throw new IllegalStateException("not PONG: " + answer);
    }
  }
}
