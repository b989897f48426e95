package io.hbagent.testapp.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A long-lived application that does as it is told, a line at a time, and answers each with {@code
 * ok} or {@code error}:
 *
 * <ul>
 *   <li>{@code open NAME HOST PORT}: a connection to a listener of its own at HOST, PORT (0: any),
 *       kept, and reported;
 *   <li>{@code read NAME}: reports it again;
 *   <li>{@code undo NAME}: turns keepalive off on both ends, as the application;
 *   <li>{@code close NAME}.
 * </ul>
 *
 * <p>It ends when its input does.
 */
final class Session {
  /** Both ends of one connection. */
  private static final class Pair {
    final Setting setting;
    final Socket client;
    final Socket server;

    Pair(String name, InetAddress host, int port) throws IOException {
      setting = new Setting(name, host.getAddress().length == 4 ? 4 : 6, false);
      try (ServerSocket listener = new ServerSocket(port, 5, host)) {
        client = new Socket(host, listener.getLocalPort());
        server = listener.accept();
      }
    }

    void report() throws IOException {
      setting.client(client);
      setting.server(server);
    }
  }

  private final BufferedReader in;
  private final Map<String, Pair> pairs = new HashMap<>();

  Session(InputStream in) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  void run() throws IOException {
    Report.line("ready");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      try {
        obey(line.split(" ", -1));
        Report.line("ok " + line);
      } catch (IOException | RuntimeException e) {
        Report.line("error " + line + ": " + e);
      }
    }
  }

  private void obey(String[] words) throws IOException {
    String name = words[1];
    switch (words[0]) {
      case "open":
        Pair opened = new Pair(name, InetAddress.getByName(words[2]), Integer.parseInt(words[3]));
        pairs.put(name, opened);
        opened.report();
        break;
      case "read":
        pairs.get(name).report();
        break;
      case "undo":
        pairs.get(name).client.setKeepAlive(false);
        pairs.get(name).server.setKeepAlive(false);
        break;
      case "close":
        Pair closed = pairs.remove(name);
        closed.client.close();
        closed.server.close();
        break;
      default:
        throw new IllegalArgumentException("open, read, undo or close");
    }
  }
}
