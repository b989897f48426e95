package io.hbagent.libraries.runner;

import io.hbagent.it.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The servers that are no Java library: each started when first asked for, stopped at the end. */
final class Servers implements AutoCloseable {

  /** A server at work. */
  record Server(String version, int port, AutoCloseable process) {}

  /** How to start one: null if it is not installed. */
  interface Start {
    Server start() throws IOException, InterruptedException;
  }

  private final Map<String, String> answers = new HashMap<>();
  private final Map<String, Server> running = new HashMap<>();

  /** What the runner says to a scenario that needs a server. */
  synchronized String answer(String name) throws IOException, InterruptedException {
    String known = answers.get(name);
    if (known == null) {
      Server server = start(name);
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

  /** By the names of their Debian packages. */
  private static Server start(String name) throws IOException, InterruptedException {
    return switch (name) {
      case "postgresql" -> postgres();
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
    return new Server("PostgreSQL " + version, server.port(), server);
  }

  @Override
  public synchronized void close() throws Exception {
    for (Server server : running.values()) {
      server.process().close();
    }
  }
}
