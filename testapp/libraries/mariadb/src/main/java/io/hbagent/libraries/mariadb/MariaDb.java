package io.hbagent.libraries.mariadb;

import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.hbagent.libraries.kit.Sql;
import java.sql.Connection;
import java.sql.DriverManager;
import org.mariadb.jdbc.Driver;

/** MariaDB's JDBC driver, with its defaults and with its own options for keepalive. */
final class MariaDb {
  private MariaDb() {}

  public static void main(String[] args) {
    Scenario.run(
        "MariaDB Connector/J",
        Driver.class,
        report -> {
          int port = report.need("mariadb-server");
          query(report.variant(""), port, "");
          query(
              report
                  .variant("tcpKeepAlive=false")
                  .note("false sets nothing, so that there is nothing to respect"),
              port,
              "&tcpKeepAlive=false");
          query(
              report.variant("tcpKeepIdle=30 tcpKeepInterval=10 tcpKeepCount=3"),
              port,
              "&tcpKeepIdle=30&tcpKeepInterval=10&tcpKeepCount=3");
        });
  }

  private static void query(Report report, int port, String options) throws Exception {
    String url =
        "jdbc:mariadb://127.0.0.1:"
            + port
            + "/mysql?user=root&sslMode=disable&connectTimeout=120000";
    try (Connection connection = DriverManager.getConnection(url + options)) {
      report.client(port);
      Sql.expect42(connection);
    }
  }
}
