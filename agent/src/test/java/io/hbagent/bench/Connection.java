package io.hbagent.bench;

import io.hbagent.it.Jdk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Measures the cost of a connection: time and heap of connect, accept and close on loopback,
 * without an agent, under libkeepalive and under hb-agent; then the additional system calls per
 * connect and per accept.
 *
 * <p>Each round starts one JVM of each variant, warms it up, and lets them take turns at small
 * batches: differences of compilation between starts are averaged over the rounds, and disturbances
 * of the machine affect all variants alike.
 */
public final class Connection {
  private static final double TARGET_RATIO = 1.05;

  /** Limit in bytes: more than the error of the measurement, less than any object. */
  private static final double TARGET_BYTES = 1;

  private final Fixtures fixtures;
  private final Options options;

  private Connection(Fixtures fixtures, Options options) {
    this.fixtures = fixtures;
    this.options = options;
  }

  private static final class Variant {
    final Jvm jvm;
    final Sample nanos = new Sample();
    final Sample bytes = new Sample();
    double allAllocated;

    Variant(Jvm jvm) {
      this.jvm = jvm;
    }
  }

  public static void main(String[] args) throws Exception {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("rounds", "10");
    defaults.put("batches", "100");
    defaults.put("batch", "200");
    defaults.put("warmup", "20000");
    defaults.put("apis", "socket,channel");
    defaults.put("jdks", "17,25");
    defaults.put("jar", "agent/target/hb-agent.jar");
    defaults.put("options", "idle=5,intvl=5,cnt=3");
    Options options = Options.parse(args, defaults);
    try (Fixtures fixtures = new Fixtures()) {
      Connection benchmark = new Connection(fixtures, options);
      benchmark.time();
      new SystemCalls(fixtures, options).run();
    }
  }

  private void time() throws Exception {
    fixtures.compile("Batches");
    Optional<Path> peer = libkeepalive();
    System.out.printf(
        "connect + accept + close on loopback, %d rounds of %d interleaved batches; %s%n",
        options.number("rounds"), options.number("batches"), options.text("options"));
    if (peer.isEmpty()) {
      System.out.println("libkeepalive (Debian: libkeepalive0) is not installed: left out");
    }
    for (Jdk jdk : options.jdks("jdks")) {
      for (String api : options.text("apis").split(",", -1)) {
        List<Variant> variants = new ArrayList<>();
        variants.add(new Variant(Jvm.plain(jdk)));
        variants.add(
            new Variant(
                Jvm.agent(jdk, "hb-agent", options.file("jar") + "=" + options.text("options"))));
        if (peer.isPresent()) {
          Map<String, String> environment =
              Map.of(
                  "LD_PRELOAD", peer.get().toString(),
                  "KEEPIDLE", "5",
                  "KEEPINTVL", "5",
                  "KEEPCNT", "3");
          variants.add(new Variant(new Jvm(jdk, "libkeepalive", List.of(), environment)));
        }
        Sample ratios = new Sample();
        Sample undisturbed = new Sample();
        for (int round = 0; round < options.number("rounds"); round++) {
          List<Sample> nanos = round(variants, api, round);
          Sample base = nanos.get(variants.size() == 3 ? 2 : 0);
          ratios.add(nanos.get(1).median() / base.median());
          undisturbed.add(nanos.get(1).quantile(0.25) / base.quantile(0.25));
        }
        for (Variant variant : variants) {
          variant.allAllocated = allAllocated(variant.jvm, api);
        }
        print(jdk, api, variants, ratios, undisturbed);
      }
    }
  }

  /** Adds each variant's medians of this round and returns the times of its batches, by variant. */
  private List<Sample> round(List<Variant> variants, String api, int round) throws IOException {
    List<Worker> workers = new ArrayList<>();
    try {
      for (Variant variant : variants) {
        workers.add(new Worker(variant.jvm, api));
      }
      for (Worker worker : workers) {
        worker.awaitWarm();
      }
      for (int batch = 0; batch < options.number("batches"); batch++) {
        for (int i = 0; i < workers.size(); i++) {
          workers.get((i + batch + round) % workers.size()).measure();
        }
      }
    } finally {
      workers.forEach(Worker::stop);
    }
    for (int i = 0; i < workers.size(); i++) {
      variants.get(i).nanos.add(workers.get(i).nanos.median());
      variants.get(i).bytes.add(workers.get(i).bytes.median());
    }
    return workers.stream().map(worker -> worker.nanos).toList();
  }

  /**
   * Bytes per connection when the compiler removes no allocation: with escape analysis on, two JVMs
   * without any agent differ by tens of bytes, depending on their profiles; with it off every JVM
   * gives the same number to the byte.
   */
  private double allAllocated(Jvm jvm, String api) throws IOException {
    Worker worker = new Worker(jvm.with("-XX:-DoEscapeAnalysis"), api);
    try {
      worker.awaitWarm();
      for (int batch = 0; batch < 20; batch++) {
        worker.measure();
      }
      return worker.bytes.quantile(0);
    } finally {
      worker.stop();
    }
  }

  private void print(
      Jdk jdk, String api, List<Variant> variants, Sample ratios, Sample undisturbed) {
    System.out.printf(
        "%n%-16s %9s %9s %9s %9s %9s%n",
        "JDK " + jdk.version() + ", " + api, "ns", "quartile", "quartile", "bytes", "no escape");
    for (Variant v : variants) {
      System.out.printf(
          "%-16s %9.0f %9.0f %9.0f %9.1f %9.1f%n",
          v.jvm.name(),
          v.nanos.median(),
          v.nanos.quantile(0.25),
          v.nanos.quantile(0.75),
          v.bytes.median(),
          v.allAllocated);
    }
    if (variants.size() == 3) {
      System.out.printf(
          "hb-agent / libkeepalive  %5.3f        target %4.2f  %s   (rounds: %.3f to %.3f; lower quartiles: %.3f)%n",
          ratios.median(),
          TARGET_RATIO,
          Startup.verdict(ratios.median() <= TARGET_RATIO),
          ratios.quantile(0.25),
          ratios.quantile(0.75),
          undisturbed.median());
    } else {
      System.out.printf("hb-agent / none          %5.3f%n", ratios.median());
    }
    double more = variants.get(1).allAllocated - variants.get(0).allAllocated;
    System.out.printf(
        "allocated over none      %5.1f bytes  target    0  %s   (without escape analysis: every allocation)%n",
        more, Startup.verdict(more < TARGET_BYTES));
  }

  private static Optional<Path> libkeepalive() throws IOException {
    Path lib = Path.of("/usr/lib");
    try (Stream<Path> files =
        Files.find(lib, 2, (p, a) -> p.getFileName().toString().equals("libkeepalive.so"))) {
      return files.findFirst();
    } catch (UncheckedIOException e) {
      return Optional.empty();
    }
  }

  /** A JVM that measures a batch on request. */
  private final class Worker {
    final Sample nanos = new Sample();
    final Sample bytes = new Sample();
    private final String name;
    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    Worker(Jvm jvm, String api) throws IOException {
      name = jvm.name();
      process =
          jvm.command(
                  List.of(),
                  fixtures.folder(),
                  "Batches",
                  api,
                  options.text("warmup"),
                  options.text("batch"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      commands = process.outputWriter(StandardCharsets.UTF_8);
      answers =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Fails if the variant does not do what is measured. */
    void awaitWarm() throws IOException {
      String expected = "keepalive " + !name.equals("none");
      String answer = answers.readLine();
      if (!expected.equals(answer)) {
        throw new IllegalStateException(name + " says '" + answer + "', not '" + expected + "'");
      }
    }

    void measure() throws IOException {
      commands.write('\n');
      commands.flush();
      String[] answer = answers.readLine().split(" ", -1);
      nanos.add(Double.parseDouble(answer[0]));
      bytes.add(Double.parseDouble(answer[1]));
    }

    void stop() {
      process.destroyForcibly();
    }
  }
}
