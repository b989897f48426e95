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
 * A server process on a free loopback port, with its files in a temporary folder. Root runs it as
 * an unprivileged user, because some servers refuse to run as root.
 */
public final class ServerProcess implements AutoCloseable {

  private static final String USER = "nobody";

  /** The group of the user nobody, by number: its name differs between distributions. */
  private static final String GROUP = "65534";

  private static final int ATTEMPTS = 5;

  private final Path folder;
  private Forked server;
  private int port;

  /** Steps from the server's empty folder to the state in which it accepts connections. */
  public interface Steps {
    void take(ServerProcess server) throws IOException, InterruptedException;
  }

  /**
   * Starts a server. If that fails, the server is stopped and its folder deleted.
   *
   * @param name part of the folder's name
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
    if (OtherUser.IS_ROOT) {
      UserPrincipal user =
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER);
      Files.setOwner(folder, user);
    }
  }

  /**
   * Returns a program on the path or in {@code /usr/sbin} and {@code /sbin}, which a user's path
   * may lack; or null.
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

  /** Returns its port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Runs a program that prepares the start, to its end. */
  public void prepare(String... command) throws IOException, InterruptedException {
    try (Forked forked = run(List.of(command))) {
      if (forked.exit() != 0) {
        throw new IOException(forked.describe(command[0] + " failed"));
      }
    }
  }

  /**
   * Starts the server.
   *
   * @param ready part of the line it prints once it accepts connections
   * @param taken part of the line it prints when its port is not free
   * @param command returns the command for a port
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
    if (OtherUser.IS_ROOT) {
      // exec, so that the process is the server and not a shell.
      command.addAll(
          List.of("setpriv", "--reuid=" + USER, "--regid=" + GROUP, "--clear-groups", "--"));
    }
    command.addAll(program);
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    return new Forked(builder);
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
