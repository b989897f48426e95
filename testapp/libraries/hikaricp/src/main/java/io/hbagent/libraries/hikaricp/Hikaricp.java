package io.hbagent.libraries.hikaricp;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.hbagent.libraries.kit.Sql;
import java.sql.Connection;
import java.util.Properties;
import org.postgresql.Driver;

/** The connection pool most in use, over PostgreSQL's driver: connections its own threads open. */
final class Hikaricp {

  private static final int LIMIT_MILLIS = Scenario.LIMIT_SECONDS * 1000;

  private Hikaricp() {}

  public static void main(String[] args) {
    Scenario.run(
        "HikariCP",
        HikariDataSource.class,
        report -> {
          int port = report.need("postgresql");
          String driver = "pgjdbc " + Scenario.version(Driver.class);
          pool(report.variant(driver), port, new Properties());
          Properties keepalive = new Properties();
          keepalive.setProperty("tcpKeepAlive", "true");
          pool(report.variant(driver + " with tcpKeepAlive=true"), port, keepalive);
        });
  }

  private static void pool(Report report, int port, Properties properties) throws Exception {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:postgresql://127.0.0.1:" + port + "/postgres?sslmode=disable");
    config.setUsername("postgres");
    config.setMaximumPoolSize(2);
    config.setConnectionTimeout(LIMIT_MILLIS);
    config.setDataSourceProperties(properties);
    // All it may open are taken before the look at them: none is half made then.
    try (HikariDataSource pool = new HikariDataSource(config);
        Connection one = pool.getConnection();
        Connection other = pool.getConnection()) {
      report.client(port);
      Sql.expect42(one);
      Sql.expect42(other);
    }
  }
}
