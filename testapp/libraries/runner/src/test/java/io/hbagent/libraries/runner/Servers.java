package io.hbagent.libraries.runner;

import io.hbagent.it.PostgresServer;
import io.hbagent.it.ServerProcess;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The servers that are not Java libraries: each is started on its first request and stopped at the
 * end.
 */
final class Servers implements AutoCloseable {

  /** A running server. */
  record Server(String version, int port, Closeable process) {}

  /** Starts a server by the name of its Debian package; null if it is not installed. */
  interface Starter {
    Server start(String name) throws IOException, InterruptedException;
  }

  private final Starter starter;
  private final Map<String, String> answers = new HashMap<>();
  private final Map<String, Throwable> failures = new HashMap<>();
  private final Map<String, Server> running = new LinkedHashMap<>();

  Servers() {
    this(Servers::start);
  }

  Servers(Starter starter) {
    this.starter = starter;
  }

  /**
   * Returns the answer to a scenario that requests a server. One that failed to start is not tried
   * again, because that can take minutes, for which all scenarios wait.
   */
  synchronized String answer(String name) throws IOException, InterruptedException {
    if (failures.containsKey(name)) {
      throw new IOException(name + " has failed to start before", failures.get(name));
    }
    String known = answers.get(name);
    if (known == null) {
      Server server;
      try {
        server = starter.start(name);
      } catch (IOException | RuntimeException | Error e) {
        failures.put(name, e);
        throw e;
      }
      if (server == null) {
        known = "skip\tno server here (Debian: apt install " + name + ")";
      } else {
        running.put(name, server);
        known = "port\t" + server.port() + "\t" + server.version();
      }
      answers.put(name, known);
    }
    return known;
  }

  private static Server start(String name) throws IOException, InterruptedException {
    return switch (name) {
      case "mariadb-server" -> mariadb();
      case "postgresql" -> postgres();
      case "redis-server" -> redis();
      default -> throw new IllegalArgumentException("no way to start " + name);
    };
  }

  private static Server postgres() throws IOException, InterruptedException {
    Path bin = PostgresServer.installed();
    if (bin == null) {
      return null;
    }
    PostgresServer server = PostgresServer.start(bin);
    String version = Version.of(bin.resolve("postgres"), "(\\d+)\\.\\d+");
    return new Server("PostgreSQL " + version, server.port(), server::close);
  }

  /** Its user root has no password and may connect from 127.0.0.1. */
  private static Server mariadb() throws IOException, InterruptedException {
    Path program = ServerProcess.installed("mariadbd");
    Path installer = ServerProcess.installed("mariadb-install-db");
    if (program == null || installer == null) {
      return null;
    }
    String version = Version.of(program, "Ver (\\d+\\.\\d+)");
    return start(
        "mariadb",
        "MariaDB " + version,
        server -> {
          String data = "--datadir=" + server.folder().resolve("data");
          server.prepare(
              installer.toString(),
              "--no-defaults",
              data,
              "--auth-root-authentication-method=normal",
              "--skip-test-db",
              "--skip-name-resolve");
          server.serve(
              "ready for connections",
              "Can't start server: Bind on TCP/IP port",
              port ->
                  List.of(
                      program.toString(),
                      "--no-defaults",
                      data,
                      "--socket=" + server.folder().resolve("socket"),
                      "--bind-address=127.0.0.1",
                      "--port=" + port,
                      "--skip-name-resolve"));
        });
  }

  private static Server redis() throws IOException, InterruptedException {
    Path program = ServerProcess.installed("redis-server");
    if (program == null) {
      return null;
    }
    String version = Version.of(program, "v=(\\d+\\.\\d+)");
    return start(
        "redis",
        "Redis " + version,
        server ->
            server.serve(
                "Ready to accept connections",
                "Could not create server TCP listening socket",
                port ->
                    List.of(
                        program.toString(),
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port),
                        "--save",
                        "")));
  }

  private static Server start(String name, String version, ServerProcess.Steps steps)
      throws IOException, InterruptedException {
    ServerProcess server = ServerProcess.start(name, steps);
    return new Server(version, server.port(), server::close);
  }

  @Override
  public synchronized void close() throws IOException {
    IOException first = null;
    for (Server server : running.values()) {
      try {
        server.process().close();
      } catch (IOException | RuntimeException e) {
        if (first == null) {
          first = e instanceof IOException expected ? expected : new IOException(e);
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
