package io.hbagent.testapp.probe;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A database driver on the class path, against {@code -Dprobe.jdbc.url} whose port is {@code
 * -Dprobe.jdbc.port}.
 */
final class Jdbc {
  private Jdbc() {}

  static void connect(Setting setting) throws Exception {
    try (Connection connection =
        DriverManager.getConnection(System.getProperty("probe.jdbc.url"))) {
      setting.report("client", 0, Integer.getInteger("probe.jdbc.port"));
      try (Statement statement = connection.createStatement();
          ResultSet result = statement.executeQuery("select 42")) {
        if (!result.next() || result.getInt(1) != 42) {
          throw new SQLException("asked for 42");
        }
      }
    }
  }
}
