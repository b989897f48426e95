package io.hbagent.it;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * A server's program, on a free loopback port, with its files in a temporary folder. Some refuse to
 * run as root, so root runs them as an unprivileged user.
 */
public final class ServerProcess implements AutoCloseable {

  private static final String USER = "nobody";

  /** The group of nobody, by number: its name is nogroup on Debian, and nobody elsewhere. */
  private static final String GROUP = "65534";

  private static final int ATTEMPTS = 5;

  private final Path folder;
  private Forked server;
  private int port;

  /** Brings one from its empty folder to the state in which it takes connections. */
  public interface Steps {
    void take(ServerProcess server) throws IOException, InterruptedException;
  }

  /**
   * Starts one; what does not come so far is stopped, and leaves no folder.
   *
   * @param name part of its folder's
   */
  public static ServerProcess start(String name, Steps steps)
      throws IOException, InterruptedException {
    ServerProcess server = new ServerProcess(name);
    try {
      steps.take(server);
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      server.close();
      throw e;
    }
    return server;
  }

  private ServerProcess(String name) throws IOException {
    folder = Files.createTempDirectory("hb-agent-" + name);
    if (isRoot()) {
      UserPrincipal user =
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER);
      Files.setOwner(folder, user);
    }
  }

  /**
   * A program on the path, or in the folder for administrators that a user's path lacks; or null.
   */
  public static Path installed(String program) {
    String path = System.getenv("PATH") + File.pathSeparator + "/usr/sbin";
    for (String place : path.split(File.pathSeparator, -1)) {
      Path file = Path.of(place, program);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    return null;
  }

  public Path folder() {
    return folder;
  }

  /** On 127.0.0.1. */
  public int port() {
    return port;
  }

  /** What has to be done before it can start: a program that runs to its end. */
  public void prepare(String... command) throws IOException, InterruptedException {
    try (Forked forked = run(List.of(command))) {
      if (forked.exit() != 0) {
        throw new IOException(forked.describe(command[0] + " failed"));
      }
    }
  }

  /**
   * Starts it.
   *
   * @param ready part of the line it prints once it takes connections
   * @param taken part of the line it prints when its port is not free
   * @param command what to run, for a port
   */
  public void serve(String ready, String taken, IntFunction<List<String>> command)
      throws IOException, InterruptedException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = any.getLocalPort();
      }
      server = run(command.apply(port));
      String line = server.awaitOut(0, text -> text.contains(ready) || text.contains(taken));
      if (line.contains(ready)) {
        return;
      }
      server.close(); // the port was taken
    }
    throw new IOException(server.describe("no port for the server"));
  }

  private Forked run(List<String> program) throws IOException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      // Becomes the program, so that the process is the server and not a shell in front of it.
      command.addAll(
          List.of("setpriv", "--reuid=" + USER, "--regid=" + GROUP, "--clear-groups", "--"));
    }
    command.addAll(program);
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
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
