package io.hbagent.it;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of a test's own, on a free loopback port, with its data in a temporary
 * folder. It refuses to run as root, so root runs it as an unprivileged user.
 */
public final class PostgresServer implements AutoCloseable {

  private static final String USER = "nobody";
  private static final int ATTEMPTS = 5;

  private final Path bin;
  private final Path folder;
  private Forked server;
  private int port;

  private PostgresServer(Path bin, Path folder) {
    this.bin = bin;
    this.folder = folder;
  }

  /** Where the server's programs are, or null: on the path, or where Debian puts them. */
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
        // Often a link; the server itself lies beside the file it leads to.
        Path bin = place.resolve("initdb").toRealPath().getParent();
        if (Files.isExecutable(bin.resolve("postgres"))) {
          return bin;
        }
      }
    }
    return null;
  }

  /** Starts one, with the programs in this folder. */
  public static PostgresServer start(Path bin) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("hb-agent-pg");
    PostgresServer server = new PostgresServer(bin, folder);
    try {
      server.initialise();
      server.serve();
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      server.close();
      throw e;
    }
    return server;
  }

  /** On 127.0.0.1. */
  public int port() {
    return port;
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&sslmode=disable";
  }

  private void initialise() throws IOException, InterruptedException {
    if (isRoot()) {
      UserPrincipal user =
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER);
      Files.setOwner(folder, user);
    }
    String data = folder.resolve("data").toString();
    try (Forked initdb =
        run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "--locale=C")) {
      if (initdb.exit() != 0) {
        throw new IOException(initdb.describe("initdb failed"));
      }
    }
  }

  private void serve() throws IOException, InterruptedException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = any.getLocalPort();
      }
      String data = folder.resolve("data").toString();
      server =
          run(
              "postgres",
              "-D",
              data,
              "-p",
              String.valueOf(port),
              "-k",
              folder.toString(),
              "-c",
              "listen_addresses=127.0.0.1",
              "-c",
              "fsync=off");
      String line =
          server.awaitErr(
              0, text -> text.contains("ready to accept") || text.contains("could not bind"));
      if (line.contains("ready to accept")) {
        return;
      }
      server.close(); // somebody took the port meanwhile
    }
    throw new IOException(server.describe("no port for the server"));
  }

  private Forked run(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      // Becomes the program, so that the process is the server and not a shell in front of it.
      command.addAll(
          List.of("setpriv", "--reuid=" + USER, "--regid=nogroup", "--clear-groups", "--"));
    }
    command.add(bin.resolve(program).toString());
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("LC_ALL", "C");
    return new Forked(builder);
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  @Override
  public void close() throws IOException {
    if (server != null) {
      server.stop();
      server.close();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
