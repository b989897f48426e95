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
   * An empty folder inside the working directory, which the runner makes for each run. What an
   * earlier run left in it goes.
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
   * Ports free just now, no two the same: for servers whose settings have to name them, so that 0
   * will not do. Ask for all at once: a port is free again for the next call.
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
