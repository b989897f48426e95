package io.hbagent.libraries.kit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A query that every database answers. */
public final class Sql {
  private Sql() {}

  /** Selects 42, and throws if the result is another. */
  public static void expect42(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select 42")) {
      if (!result.next() || result.getInt(1) != 42) {
        throw new SQLException("asked for 42");
      }
    }
  }
}
