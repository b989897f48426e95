package io.hbagent.bench;

import io.hbagent.it.Jdk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the cost of the watchdog over 10,000 idle connections: processor time and garbage of a
 * round, heap of a connection. One JVM connects with the agent and another one accepts, because of
 * the limit of descriptors.
 */
public final class Round {
  private static final double TARGET_MILLIS = 10;
  private static final double TARGET_BYTES = 64;

  private Round() {}

  public static void main(String[] args) throws Exception {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("connections", "10000");
    defaults.put("rounds", "40");
    defaults.put("jdks", "17,25");
    defaults.put("jar", "agent/target/hb-agent.jar");
    Options options = Options.parse(args, defaults);
    System.out.printf(
        "a round over %s idle connections, %s rounds of 500 ms%n%n",
        options.text("connections"), options.text("rounds"));
    System.out.printf("%-8s %-10s %10s %10s %8s%n", "", "", "median", "most", "target");
    try (Fixtures fixtures = new Fixtures()) {
      fixtures.compile("Idle");
      for (Jdk jdk : options.jdks("jdks")) {
        run(fixtures, options, jdk);
      }
    }
  }

  private static void run(Fixtures fixtures, Options options, Jdk jdk) throws Exception {
    Sample millis = new Sample();
    Sample bytes = new Sample();
    double bare = connect(fixtures, options, Jvm.plain(jdk), "0", millis, bytes);
    String agent = options.file("jar") + "=idle=3600,watchdog=500ms,log=/dev/null";
    Jvm watched = Jvm.agent(jdk, "hb-agent", agent);
    double heap = connect(fixtures, options, watched, options.text("rounds"), millis, bytes) - bare;
    row("JDK " + jdk.version(), "CPU, ms", millis.median(), millis.quantile(1), TARGET_MILLIS);
    row("", "garbage, B", bytes.median(), bytes.quantile(1), 0);
    row("", "heap, B", heap, heap, TARGET_BYTES);
  }

  /** Returns the heap of a connection. */
  private static double connect(
      Fixtures fixtures, Options options, Jvm jvm, String rounds, Sample millis, Sample bytes)
      throws Exception {
    Process accepting = start(Jvm.plain(jvm.jdk()), fixtures.folder(), "accept");
    Process connecting = null;
    try (BufferedReader port = reader(accepting)) {
      connecting =
          start(
              jvm,
              fixtures.folder(),
              "connect",
              port.readLine(),
              options.text("connections"),
              rounds);
      return read(reader(connecting), millis, bytes);
    } finally {
      accepting.destroyForcibly();
      if (connecting != null) {
        connecting.destroyForcibly();
      }
    }
  }

  private static Process start(Jvm jvm, Path folder, Object... args) throws IOException {
    List<Object> all = new ArrayList<>(List.of(args));
    return jvm.command(List.of(), folder, "Idle", all.toArray())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Lines of {@code round CPU-NANOS BYTES}, and one {@code heap BYTES-A-CONNECTION}. */
  private static double read(BufferedReader lines, Sample millis, Sample bytes) throws IOException {
    double heap = Double.NaN;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("heap")) {
        heap = Double.parseDouble(words[1]);
      } else {
        millis.add(Double.parseDouble(words[1]) / 1e6);
        bytes.add(Double.parseDouble(words[2]));
      }
    }
    return heap;
  }

  private static void row(String jdk, String what, double median, double most, double target) {
    System.out.printf(
        "%-8s %-10s %10.2f %10.2f %8.0f  %s%n",
        jdk, what, median, most, target, Startup.verdict(median <= target));
  }
}
