package io.hbagent.libraries.mssql;

import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.DriverManager;
import java.sql.SQLException;

/** SQL Server's JDBC driver, up to its first message: there is no server. */
final class MsSql {

  private static final int LIMIT_SECONDS = Scenario.LIMIT_SECONDS;

  /** The first byte of the driver's first message: its packet type. */
  private static final int PRELOGIN = 0x12;

  private MsSql() {}

  public static void main(String[] args) {
    Scenario.run(
        "mssql-jdbc",
        SQLServerDriver.class,
        report -> {
          report.against("a listener");
          report.ownTimers();
          report.note(
              "only the beginning of the dialogue: seen when the driver's first message came");
          prelogin(report);
        });
  }

  private static void prelogin(Report report) throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listener.setSoTimeout(LIMIT_SECONDS * 1000);
      int port = listener.getLocalPort();
      Thread application = new Thread(() -> connect(port), "application");
      application.setDaemon(true);
      application.start();
      try (Socket socket = listener.accept()) {
        socket.setSoTimeout(LIMIT_SECONDS * 1000);
        if (socket.getInputStream().read() != PRELOGIN) {
          throw new IOException("not the driver's first message");
        }
        report.client(port);
      }
    }
  }

  /** Connects in vain; the driver may still retry when the process ends. */
  private static void connect(int port) {
    try {
      DriverManager.getConnection(
              "jdbc:sqlserver://127.0.0.1:" + port + ";loginTimeout=" + LIMIT_SECONDS)
          .close();
    } catch (SQLException e) {
      System.err.println("The driver gave up: " + e.getMessage());
    }
  }
}
