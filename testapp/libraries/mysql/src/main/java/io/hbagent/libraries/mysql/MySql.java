package io.hbagent.libraries.mysql;

import com.mysql.cj.jdbc.Driver;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.hbagent.libraries.kit.Sql;
import java.sql.Connection;
import java.sql.DriverManager;

/** MySQL's JDBC driver, with its defaults and without its keepalive, connected to MariaDB. */
final class MySql {
  private MySql() {}

  public static void main(String[] args) {
    Scenario.run(
        "MySQL Connector/J",
        Driver.class,
        report -> {
          int port = report.need("mariadb-server");
          query(report.variant(""), port, "");
          query(report.variant("tcpKeepAlive=false"), port, "&tcpKeepAlive=false");
        });
  }

  private static void query(Report report, int port, String options) throws Exception {
    String url = "jdbc:mysql://127.0.0.1:" + port + "/mysql?user=root&connectTimeout=120000";
    try (Connection connection = DriverManager.getConnection(url + options)) {
      report.client(port);
      Sql.expect42(connection);
    }
  }
}
