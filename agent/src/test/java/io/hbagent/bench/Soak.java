package io.hbagent.bench;

import io.hbagent.it.Jdk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JVM under load of every API while hb-agent is attached, reconfigured and detached at random and
 * its settings file is rewritten. The application's counts of connects and accepts are compared
 * with the agent's, and heap, metaspace, threads and descriptors of the first third of the time
 * with those of the last.
 *
 * <p>Unlike the other benchmarks it exits with 1 if a number is not as it should be. The seed,
 * which is printed, repeats the order of the requests.
 */
public final class Soak {
  private static final int LIMIT_SECONDS = 60;

  /** Least number of lives: one in each third of the time. */
  private static final int LEAST_LIVES = 3;

  /** Heap and metaspace may differ by this much. */
  private static final double TOLERANCE = 0.05;

  /**
   * Metaspace that each life may leave. HotSpot keeps the lambda classes of every version of a
   * redefined class of the JDK; an agent that does nothing but retransform NioSocketImpl and Net
   * leaves six classes and 16 (JDK 25) to 50 KiB (JDK 17) a life, and ours weaves some ten classes.
   */
  private static final int METASPACE_PER_LIFE = 100 * 1024;

  private static final List<String> WATCHDOG = List.of("false", "true", "500ms");
  private static final List<String> SWEEP = List.of("off", "500ms", "2s");
  private static final List<String> CONFLICT = List.of("enforce", "respect", "tighten");
  private static final List<String> USER_TIMEOUT = List.of("off", "derived", "adaptive");
  private static final List<String> BAD =
      List.of("idel=5\n", "idle=0\n", "idle=\n", "rule.b.idle=5\n", "\u0000\u0001\n");

  private final Random random;
  private final Fixtures fixtures;
  private final Options options;
  private final Jdk jdk;
  private final Load load;
  private final Path settings;
  private final Path log;

  /** Number of requests, by name. */
  private final Map<String, Integer> requests = new TreeMap<>();

  private final List<Map<String, Long>> attached = new ArrayList<>();
  private final List<Map<String, Long>> detached = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private long lives;
  private long appConnects;
  private long appAccepts;
  private long agentConnected;
  private long agentAccepted;
  private long failures;

  /** The value of the settings file in force. */
  private int idle;

  private Soak(Fixtures fixtures, Options options, Jdk jdk, int seed) throws IOException {
    this.random = new Random(seed);
    this.fixtures = fixtures;
    this.options = options;
    this.jdk = jdk;
    settings = fixtures.file("soak.properties");
    log = fixtures.file("soak.log");
    load = new Load();
  }

  public static void main(String[] args) throws Exception {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("minutes", "10");
    defaults.put("seed", Integer.toString(new Random().nextInt(1_000_000)));
    defaults.put("rate", "300");
    defaults.put("warm-up", "30");
    defaults.put("jdks", "17,25");
    defaults.put("jar", "agent/target/hb-agent.jar");
    Options options = Options.parse(args, defaults);
    boolean met = true;
    for (Jdk jdk : options.jdks("jdks")) {
      int seed = options.number("seed");
      System.out.printf(
          "JDK %d, %s minutes, seed %d, %s connections a second%n",
          jdk.version(), options.text("minutes"), seed, options.text("rate"));
      try (Fixtures fixtures = new Fixtures()) {
        fixtures.compile("SoakLoad");
        Soak soak = new Soak(fixtures, options, jdk, seed);
        try {
          soak.run();
        } finally {
          soak.load.process.destroyForcibly().waitFor();
        }
        met &= soak.print();
      }
    }
    System.exit(met ? 0 : 1);
  }

  private void run() throws Exception {
    warmUp();
    long start = System.nanoTime();
    long end = start + TimeUnit.MINUTES.toNanos(options.number("minutes"));
    long nextLine = start + TimeUnit.MINUTES.toNanos(1);
    while (System.nanoTime() < end || lives < LEAST_LIVES) {
      life();
      if (System.nanoTime() >= nextLine) {
        nextLine += TimeUnit.MINUTES.toNanos(1);
        Map<String, Long> last = detached.get(detached.size() - 1);
        System.out.printf(
            "%3d min: %d lives, requests %s, %s%n",
            (System.nanoTime() - start) / 60_000_000_000L, lives, requests, last);
      }
    }
  }

  /**
   * Attaches, reconfigures and detaches under load, without a check of the counts. The JVM compiles
   * and profiles its own code for loading, retransforming and JMX during the first lives, which
   * takes metaspace; with JDK 17 that ends after 28 of them.
   */
  private void warmUp() throws Exception {
    load.ask("resume");
    for (int i = 0; i < options.number("warm-up"); i++) {
      writeGood();
      attach("warm-up");
      attach("warm-up");
      status();
      command(0, List.of("detach"));
    }
    System.out.printf("warmed up: %s%n", load.ask("numbers"));
  }

  /** Attaches, makes some requests, compares the counts, and detaches. */
  private void life() throws Exception {
    lives++;
    writeGood();
    if (random.nextBoolean()) {
      load.ask("pause");
    }
    Map<String, Long> before = load.ask("count");
    attach("attach");
    Map<String, Long> after = load.ask("count");
    load.ask("pause");
    // An accept that was waiting when the method was woven goes on with the old code: one more
    // connection to each server, and all later ones are counted.
    Map<String, Long> base = load.ask("flush");
    Counters first = new Counters(status());
    expect(
        first.connected >= base.get("connects") - after.get("begun")
            && first.connected <= base.get("begun") - before.get("connects"),
        "connected=%d after an attach; the application: before %s, after %s, then %s"
            .formatted(first.connected, before, after, base));
    int count = 2 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      load.ask("resume");
      Thread.sleep(300 + random.nextInt(1500));
      request();
      if (random.nextInt(3) == 0) {
        load.ask("pause");
        compare(base, first, false);
      }
    }
    attach("reconfigure", "watchdog=500ms,sweep=2s,user-timeout=off,conflict=enforce,origin=false");
    load.ask("pause");
    compare(base, first, true);
    attached.add(load.ask("numbers"));
    if (random.nextBoolean()) {
      load.ask("resume");
    }
    count("detach");
    command(0, random.nextBoolean() ? List.of("detach", "--restore") : List.of("detach"));
    load.ask("pause");
    detached.add(load.ask("numbers"));
    load.ask("resume");
  }

  private void request() throws Exception {
    switch (random.nextInt(5)) {
      case 0 -> {
        count("good file");
        writeGood();
        awaitIdle();
      }
      case 1 -> {
        count("bad file");
        write(BAD.get(random.nextInt(BAD.size())));
        Thread.sleep(1000 + random.nextInt(2000));
        expectIdle(new Counters(status()));
        writeGood();
        awaitIdle();
      }
      case 2 -> {
        attach("reconfigure");
        awaitIdle();
      }
      case 3 -> {
        count("bad reconfigure");
        command(2, List.of("attach"), "idel=5");
        expectIdle(new Counters(status()));
      }
      default -> {
        count("status");
        expectIdle(new Counters(status()));
      }
    }
  }

  private void attach(String name) throws Exception {
    attach(
        name,
        "watchdog=%s,sweep=%s,user-timeout=%s,conflict=%s,origin=%s"
            .formatted(
                any(WATCHDOG), any(SWEEP), any(USER_TIMEOUT), any(CONFLICT), random.nextBoolean()));
  }

  private void attach(String name, String text) throws Exception {
    count(name);
    command(0, List.of("attach"), text + ",config=" + settings + ",log=" + log);
  }

  private String any(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }

  private void writeGood() throws IOException {
    idle = 1 + random.nextInt(30_000);
    StringBuilder text = new StringBuilder("idle = " + idle + "\n");
    if (random.nextBoolean()) {
      text.append("rules = some\nrule.some.remote = 127.0.0.0/8\nrule.some.cnt = 7\n");
    }
    write(text.toString());
  }

  /** Writes the file in place or replaces it by rename. */
  private void write(String text) throws IOException {
    if (random.nextBoolean()) {
      Files.writeString(settings, text);
    } else {
      Path other = fixtures.file("soak.properties.new");
      Files.writeString(other, text);
      Files.move(other, settings, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Waits until the value last written is in force. */
  private void awaitIdle() throws Exception {
    Counters now = new Counters(status());
    for (int i = 0; i < 10 && now.idle != idle; i++) {
      Thread.sleep(300);
      now = new Counters(status());
    }
    expectIdle(now);
  }

  private void expectIdle(Counters now) {
    expect(now.idle == idle, "idle=%d is in force, not %d".formatted(now.idle, idle));
  }

  /** Compares what was counted since {@code base} while the load is paused. */
  private void compare(Map<String, Long> base, Counters first, boolean last) throws Exception {
    Map<String, Long> app = load.ask("count");
    Counters now = new Counters(status());
    long connects = app.get("connects") - base.get("connects");
    long accepts = app.get("accepts") - base.get("accepts");
    long connected = now.connected - first.connected;
    long accepted = now.accepted - first.accepted;
    expect(
        connects == connected && accepts == accepted,
        "life %d: %d connects, %d accepts; the agent counted %d and %d"
            .formatted(lives, connects, accepts, connected, accepted));
    expect(now.failures == 0, "life %d: failures=%d".formatted(lives, now.failures));
    if (last) {
      appConnects += connects;
      appAccepts += accepts;
      agentConnected += connected;
      agentAccepted += accepted;
      failures += now.failures;
    }
  }

  private void expect(boolean met, String fault) {
    if (!met) {
      System.out.println("not ok: " + fault);
      faults.add(fault);
      try {
        List<String> lines = Files.readAllLines(log);
        lines.stream().skip(Math.max(0, lines.size() - 5)).forEach(System.out::println);
      } catch (IOException e) {
        System.out.println("no log: " + e);
      }
    }
  }

  private void count(String request) {
    requests.merge(request, 1, Integer::sum);
  }

  private String status() throws Exception {
    return command(0, List.of("status", "--json"));
  }

  /** Runs the command line and returns what it printed. */
  private String command(int expected, List<String> words, String... more) throws Exception {
    List<String> command =
        new ArrayList<>(List.of(jdk.java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar"));
    command.add(options.file("jar").toString());
    command.addAll(words);
    command.add(Long.toString(load.process.pid()));
    command.addAll(List.of(more));
    Path out = fixtures.file("soak.out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(words + " did not end: " + Files.readString(out));
      }
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(out);
    expect(
        process.exitValue() == expected,
        "%s exited with %d: %s".formatted(words, process.exitValue(), text));
    return text;
  }

  /** The counters of {@code status --json}. */
  private static final class Counters {
    final long connected;
    final long accepted;
    final long failures;
    final long idle;

    Counters(String json) {
      connected = number(json, "connected");
      accepted = number(json, "accepted");
      failures = number(json, "failures");
      idle = number(json, "idle"); // the first one is the agent's, later ones are connections'
    }

    private static long number(String json, String name) {
      Matcher matcher = Pattern.compile("\"" + name + "\": (\\d+)").matcher(json);
      if (!matcher.find()) {
        throw new IllegalStateException("no " + name + " in: " + json);
      }
      return Long.parseLong(matcher.group(1));
    }
  }

  private boolean print() throws IOException {
    Map<String, Long> last =
        detached.isEmpty() ? Map.of("errors", -1L) : detached.get(detached.size() - 1);
    boolean met = true;
    System.out.printf(
        "%n%-34s %14s %14s%n",
        "JDK " + jdk.version() + ", " + lives + " lives", "application", "agent");
    met &= row("connects", appConnects, agentConnected, appConnects == agentConnected);
    met &= row("accepts", appAccepts, agentAccepted, appAccepts == agentAccepted);
    met &=
        row(
            "exceptions, failures",
            last.get("errors"),
            failures,
            last.get("errors") + failures == 0);
    met &= row("checks that failed", faults.size(), 0, faults.isEmpty());
    met &= row("unexpected lines on stderr", load.unexpected.size(), 0, load.unexpected.isEmpty());
    System.out.printf("%n%-34s %14s %14s%n", "", "first third", "last third");
    met &= flat("attached", attached);
    met &= flat("detached", detached);
    load.unexpected.stream().limit(10).forEach(line -> System.out.println("stderr: " + line));
    System.out.printf("requests: %s%n%n", requests);
    return met;
  }

  private static boolean flat(String state, List<Map<String, Long>> samples) {
    boolean met = true;
    int third = Math.max(1, samples.size() / 3);
    for (String name : List.of("heap", "metaspace", "threads", "descriptors")) {
      Sample first = new Sample();
      Sample last = new Sample();
      samples.stream().limit(third).forEach(one -> first.add(one.get(name)));
      samples.stream().skip(samples.size() - third).forEach(one -> last.add(one.get(name)));
      boolean exact = name.equals("threads") || name.equals("descriptors");
      double allowed = exact ? 0 : first.median() * TOLERANCE;
      if (name.equals("metaspace")) {
        allowed += (double) METASPACE_PER_LIFE * (samples.size() - third);
      }
      met &=
          row(
              name + ", " + state,
              (long) first.median(),
              (long) last.median(),
              last.median() - first.median() <= allowed);
    }
    return met;
  }

  private static boolean row(String name, long first, long second, boolean met) {
    System.out.printf("%-34s %14d %14d  %s%n", name, first, second, met ? "ok" : "not ok");
    return met;
  }

  /** The forked JVM. */
  private final class Load {
    final Process process;
    final List<String> unexpected = new ArrayList<>();
    private final Writer commands;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    Load() throws IOException {
      Jvm jvm =
          Jvm.plain(jdk)
              .with("-Xmx128m")
              .with("-XX:+UseSerialGC")
              .with("-XX:+IgnoreUnrecognizedVMOptions")
              .with("-XX:+EnableDynamicAgentLoading")
              .with("-Djdk.virtualThreadScheduler.parallelism=2");
      process = jvm.command(List.of(), fixtures.folder(), "SoakLoad", options.text("rate")).start();
      commands = process.outputWriter(StandardCharsets.UTF_8);
      read(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8), false);
      read(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8), true);
    }

    private void read(InputStreamReader stream, boolean errors) {
      Thread thread =
          new Thread(
              () -> {
                try (BufferedReader lines = new BufferedReader(stream)) {
                  for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!errors) {
                      answers.add(line);
                    } else if (unexpected.size() < 1000) {
                      unexpected.add(line);
                    }
                  }
                } catch (IOException e) {
                  answers.add("ended: " + e);
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    /** Returns the numbers the program answers with. */
    Map<String, Long> ask(String command) throws Exception {
      commands.write(command + "\n");
      commands.flush();
      String answer = answers.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (answer == null) {
        throw new IllegalStateException(command + " was not answered: " + unexpected);
      }
      Map<String, Long> values = new LinkedHashMap<>();
      for (String word : answer.split(" ", -1)) {
        int equals = word.indexOf('=');
        values.put(word.substring(0, equals), Long.valueOf(word.substring(equals + 1)));
      }
      return values;
    }
  }
}
