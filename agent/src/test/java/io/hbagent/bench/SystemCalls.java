package io.hbagent.bench;

import io.hbagent.it.Jdk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Counts setsockopt per connect and per accept with strace, in a JVM that does only the one: the
 * difference between many connections and few, so that what happens once falls out.
 */
final class SystemCalls {
  private static final int FEW = 5;
  private static final int MANY = 25;

  private final Fixtures fixtures;
  private final Options options;

  SystemCalls(Fixtures fixtures, Options options) {
    this.fixtures = fixtures;
    this.options = options;
  }

  void run() throws Exception {
    if (!straceWorks()) {
      System.out.println("\nstrace is missing or may not trace here: system calls not counted");
      return;
    }
    fixtures.compile("OneSide");
    System.out.printf(
        "%n%-32s %9s %9s %9s%n", "setsockopt calls per connection", "none", "hb-agent", "more");
    for (Jdk jdk : options.jdks("jdks")) {
      Jvm none = Jvm.plain(jdk);
      Jvm ours = Jvm.agent(jdk, "hb-agent", options.file("jar") + "=" + options.text("options"));
      for (String api : List.of("socket", "channel", "asynchronous")) {
        for (String side : List.of("connect", "accept")) {
          double without = perConnection(none, side, api);
          double with = perConnection(ours, side, api);
          double target = side.equals("connect") ? 4 : 0; // what is accepted inherits them
          System.out.printf(
              "%-32s %9.2f %9.2f %9.2f   target %.0f  %s%n",
              "JDK " + jdk.version() + ", " + api + " " + side,
              without,
              with,
              with - without,
              target,
              Startup.verdict(with - without == target));
        }
      }
    }
  }

  private double perConnection(Jvm jvm, String side, String api) throws Exception {
    return (count(jvm, side, api, MANY) - count(jvm, side, api, FEW)) / (double) (MANY - FEW);
  }

  private int count(Jvm jvm, String side, String api, int connections) throws Exception {
    Path summary = fixtures.file("strace");
    List<String> strace =
        List.of("strace", "-f", "-c", "-e", "trace=setsockopt", "-o", summary.toString());
    try (ServerSocket peer = new ServerSocket(0, MANY, InetAddress.getLoopbackAddress())) {
      Process process =
          jvm.command(
                  strace, fixtures.folder(), "OneSide", side, api, connections, peer.getLocalPort())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (side.equals("accept")) {
        connectTo(process, connections);
      }
      int code = process.waitFor();
      if (code != 0) {
        throw new IllegalStateException(
            jvm.name() + ", " + api + " " + side + " ended with " + code);
      }
    }
    return calls(summary);
  }

  private static void connectTo(Process process, int connections) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    int port = Integer.parseInt(out.readLine());
    for (int i = 0; i < connections; i++) {
      new Socket(InetAddress.getLoopbackAddress(), port).close();
    }
  }

  /** The fourth column of strace's line for setsockopt; no line where there was no call. */
  private static int calls(Path summary) throws IOException {
    for (String line : Files.readAllLines(summary)) {
      if (line.endsWith(" setsockopt")) {
        return Integer.parseInt(line.trim().split(" +", -1)[3]);
      }
    }
    return 0;
  }

  private static boolean straceWorks() throws InterruptedException {
    try {
      return new ProcessBuilder("strace", "-f", "-o", "/dev/null", "true")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
