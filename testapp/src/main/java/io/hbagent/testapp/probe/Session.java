package io.hbagent.testapp.probe;

import java.io.BufferedReader;
import java.io.FileDescriptor;
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
 * A long-lived application that reads commands, a line each, and answers each with {@code ok} or
 * {@code error}:
 *
 * <ul>
 *   <li>{@code open NAME HOST PORT}: a connection to a listener of its own at HOST, PORT (0: any),
 *       kept, and reported;
 *   <li>{@code read NAME}: reports it again;
 *   <li>{@code undo NAME}: turns keepalive off on both ends, as the application;
 *   <li>{@code connect NAME HOST PORT LOCAL OPTION=VALUE…}: connects as native code does, from the
 *       port LOCAL (0: any), after it has set options;
 *   <li>{@code set NAME OPTION=VALUE…}: sets options as native code does, on the client;
 *   <li>{@code listen NAME HOST PORT};
 *   <li>{@code library} and {@code foreign}: loads a native library, or uses the foreign function
 *       API;
 *   <li>{@code close NAME}.
 * </ul>
 *
 * <p>It ends when its input does.
 */
final class Session {
  /** A connection or listener that has a name. */
  private interface Held {
    void report() throws IOException;

    FileDescriptor client() throws IOException;

    void close() throws IOException;
  }

  /** Both ends of one connection. */
  private static final class Pair implements Held {
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

    @Override
    public void report() throws IOException {
      setting.client(client);
      setting.server(server);
    }

    @Override
    public FileDescriptor client() throws IOException {
      return Kernel.tcp(client.getLocalPort(), client.getPort());
    }

    @Override
    public void close() throws IOException {
      client.close();
      server.close();
    }
  }

  /** The client's end of a connection opened by native code. */
  private static final class Connected implements Held {
    final Setting setting;
    final FileDescriptor fd;

    Connected(String[] words) throws Exception {
      setting = new Setting(words[1], 4, false);
      fd = Natives.socket();
      Natives.bind(fd, InetAddress.getByName("0.0.0.0"), Integer.parseInt(words[4]));
      for (int i = 5; i < words.length; i++) {
        Kernel.set(fd, words[i]);
      }
      Natives.connect(fd, InetAddress.getByName(words[2]), Integer.parseInt(words[3]));
    }

    @Override
    public void report() throws IOException {
      setting.report("client", fd);
    }

    @Override
    public FileDescriptor client() {
      return fd;
    }

    @Override
    public void close() throws IOException {
      Natives.close(fd);
    }
  }

  private final BufferedReader in;
  private final Map<String, Held> held = new HashMap<>();
  private final Map<String, ServerSocket> listeners = new HashMap<>();

  Session(InputStream in) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  void run() throws IOException {
    Report.line("ready");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      try {
        execute(line.split(" ", -1));
        Report.line("ok " + line);
      } catch (Exception e) {
        Report.line("error " + line + ": " + e);
      }
    }
  }

  private void execute(String[] words) throws Exception {
    String name = words.length > 1 ? words[1] : null;
    switch (words[0]) {
      case "open":
        hold(name, new Pair(name, InetAddress.getByName(words[2]), Integer.parseInt(words[3])));
        break;
      case "connect":
        hold(name, new Connected(words));
        break;
      case "read":
        held.get(name).report();
        break;
      case "undo":
        ((Pair) held.get(name)).client.setKeepAlive(false);
        ((Pair) held.get(name)).server.setKeepAlive(false);
        break;
      case "want":
        ((Pair) held.get(name)).client.setKeepAlive(true);
        break;
      case "set":
        for (int i = 2; i < words.length; i++) {
          Kernel.set(held.get(name).client(), words[i]);
        }
        break;
      case "listen":
        InetAddress host = InetAddress.getByName(words[2]);
        listeners.put(name, new ServerSocket(Integer.parseInt(words[3]), 5, host));
        break;
      case "library":
        Natives.library();
        break;
      case "foreign":
        Newer.useForeignFunctions();
        break;
      case "close":
        if (listeners.containsKey(name)) {
          listeners.remove(name).close();
        } else {
          held.remove(name).close();
        }
        break;
      default:
        throw new IllegalArgumentException("no such command");
    }
  }

  private void hold(String name, Held one) throws IOException {
    held.put(name, one);
    one.report();
  }
}
