package io.hbagent.libraries.pgjdbc;

import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.hbagent.libraries.kit.Sql;
import java.sql.Connection;
import java.sql.DriverManager;
import org.postgresql.Driver;

/** PostgreSQL's JDBC driver, with its defaults and with its own option for keepalive. */
final class Pgjdbc {
  private Pgjdbc() {}

  public static void main(String[] args) {
    Scenario.run(
        "pgjdbc",
        Driver.class,
        report -> {
          int port = report.need("postgresql");
          String url =
              "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&sslmode=disable";
          query(report.variant(""), port, url);
          query(report.variant("tcpKeepAlive=true"), port, url + "&tcpKeepAlive=true");
        });
  }

  private static void query(Report report, int port, String url) throws Exception {
    try (Connection connection = DriverManager.getConnection(url)) {
      report.client(port);
      Sql.expect42(connection);
    }
  }
}
