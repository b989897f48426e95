package io.hbagent.libraries.kit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders and ports for servers that run inside a scenario. */
public final class Scratch {
  private Scratch() {}

  /**
   * Creates an empty folder inside the working directory of the run, and deletes what an earlier
   * run left in it.
   */
  public static Path folder(String name) throws IOException {
    Path folder = Path.of(name).toAbsolutePath();
    if (Files.exists(folder)) {
      for (Path each : deepestFirst(folder)) {
        Files.delete(each);
      }
    }
    return Files.createDirectory(folder);
  }

  /**
   * Returns different free ports, for servers whose settings cannot be 0. Request all at once: a
   * later call may return them again.
   */
  public static List<Integer> ports(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  private static List<Path> deepestFirst(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.sorted(Comparator.reverseOrder()).toList();
    }
  }
}
