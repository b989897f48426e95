package io.hbagent.it;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL server on a free loopback port, with its data in a temporary folder. */
public final class PostgresServer implements AutoCloseable {

  private final ServerProcess process;

  private PostgresServer(ServerProcess process) {
    this.process = process;
  }

  /**
   * Returns the folder of the server's programs, on the path or where Debian installs them, or
   * null.
   */
  public static Path installed() throws IOException {
    List<Path> places = new ArrayList<>();
    for (String place : System.getenv("PATH").split(File.pathSeparator, -1)) {
      places.add(Path.of(place));
    }
    Path debian = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(debian)) {
      try (Stream<Path> versions = Files.list(debian)) {
        versions.map(version -> version.resolve("bin")).forEach(places::add);
      }
    }
    for (Path place : places) {
      if (Files.isExecutable(place.resolve("initdb"))) {
        // Often a link; the server itself is beside the link's target.
        Path bin = place.resolve("initdb").toRealPath().getParent();
        if (Files.isExecutable(bin.resolve("postgres"))) {
          return bin;
        }
      }
    }
    return null;
  }

  /** Starts a server with the programs in this folder. */
  public static PostgresServer start(Path bin) throws IOException, InterruptedException {
    return new PostgresServer(ServerProcess.start("pg", process -> take(process, bin)));
  }

  private static void take(ServerProcess process, Path bin)
      throws IOException, InterruptedException {
    String data = process.folder().resolve("data").toString();
    String initdb = bin.resolve("initdb").toString();
    process.prepare(initdb, "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "--locale=C");
    process.serve(
        "ready to accept",
        "could not bind",
        port ->
            List.of(
                bin.resolve("postgres").toString(),
                "-D",
                data,
                "-p",
                String.valueOf(port),
                "-k",
                process.folder().toString(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "fsync=off"));
  }

  /** Returns its port on 127.0.0.1. */
  public int port() {
    return process.port();
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/postgres?user=postgres&sslmode=disable";
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
