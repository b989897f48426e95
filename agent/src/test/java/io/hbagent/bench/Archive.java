package io.hbagent.bench;

import io.hbagent.it.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;

/**
 * Measures the start of a program that opens two sockets, with an AOT cache (JDK 25 and newer) or a
 * dynamic CDS archive (13 to 24) beside the agent, and without; and counts the classes, of the
 * agent and of the JDK because of it, that come from the archive.
 *
 * <p>Times are those of bash's {@code time}: elapsed, and user and system of the whole process.
 */
public final class Archive {

  private static final Path DOCUMENT = Path.of("docs/startup.md");

  /** Long enough for the agent's thread to load what it loads at a start. */
  private static final int SETTLE_MILLIS = 2000;

  private static final Pattern LOADED = Pattern.compile(".*\\] (\\S+) source: (.*)");

  private final Fixtures fixtures;
  private final String agent;

  /** A variant: how it is named in the table, and its JVM. */
  private record Variant(Jvm jvm, Sample wall, Sample cpu) {
    Variant(Jvm jvm) {
      this(jvm, new Sample(), new Sample());
    }
  }

  private Archive(Fixtures fixtures, String agent) {
    this.fixtures = fixtures;
    this.agent = agent;
  }

  public static void main(String[] args) throws Exception {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("rounds", "20");
    defaults.put("jdks", "17,21,25");
    defaults.put("jar", "agent/target/hb-agent.jar");
    defaults.put("write", "false");
    Options options = Options.parse(args, defaults);
    try (Fixtures fixtures = new Fixtures()) {
      fixtures.compile("TwoSockets");
      jar(fixtures);
      Archive archive = new Archive(fixtures, "-javaagent:" + options.file("jar"));
      List<Variant> variants = new ArrayList<>();
      for (Jdk jdk : options.jdks("jdks")) {
        variants.addAll(archive.variants(jdk));
      }
      List<String> gains = archive.gains(variants, options.number("rounds"));
      List<String> classes = archive.classes(variants);
      print("gains", gains, options);
      print("classes", classes, options);
    }
  }

  /** The program as a jar: the JVM archives no classes of a folder. */
  private static void jar(Fixtures fixtures) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    try (JarOutputStream out =
        new JarOutputStream(Files.newOutputStream(fixtures.file("app.jar")), manifest)) {
      out.putNextEntry(new ZipEntry("TwoSockets.class"));
      Files.copy(fixtures.file("TwoSockets.class"), out);
    }
  }

  private Jvm jvm(Jdk jdk, String name, String... flags) {
    return new Jvm(jdk, name, List.of(flags), Map.of());
  }

  /** Makes an archive and returns the option that uses it. */
  private String make(Jdk jdk, String name, String... flags) throws Exception {
    boolean cache = jdk.version() >= 25;
    Path file = fixtures.file(name + jdk.version() + (cache ? ".aot" : ".jsa"));
    Jvm jvm =
        jvm(jdk, name, flags)
            .with((cache ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + file);
    run(jvm, SETTLE_MILLIS);
    if (!Files.exists(file)) {
      throw new IllegalStateException("JDK " + jdk.version() + " has made no " + file);
    }
    return (cache ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + file;
  }

  private List<Variant> variants(Jdk jdk) throws Exception {
    List<Variant> all = new ArrayList<>();
    all.add(new Variant(jvm(jdk, "no agent")));
    all.add(new Variant(jvm(jdk, "hb-agent", agent)));
    if (jdk.version() >= 25) {
      String plain = make(jdk, "plain");
      String module = make(jdk, "module", "--add-modules=java.instrument");
      String trained = make(jdk, "agent", agent);
      all.add(new Variant(jvm(jdk, "no agent, AOT cache", plain)));
      all.add(new Variant(jvm(jdk, "hb-agent, that cache: lost", agent, plain)));
      all.add(new Variant(jvm(jdk, "hb-agent, cache made with the module", agent, module)));
      all.add(new Variant(jvm(jdk, "hb-agent, cache made with hb-agent", agent, trained)));
    } else {
      String dynamic = make(jdk, "dynamic");
      all.add(new Variant(jvm(jdk, "no agent, dynamic archive", dynamic)));
      all.add(new Variant(jvm(jdk, "hb-agent, that archive", agent, dynamic)));
    }
    return all;
  }

  private List<String> gains(List<Variant> variants, int rounds) throws Exception {
    for (int round = -1; round < rounds; round++) { // the first warms up the page cache
      for (int i = 0; i < variants.size(); i++) {
        Variant variant = variants.get((i + Math.max(round, 0)) % variants.size());
        double[] times = run(variant.jvm, 0);
        if (round >= 0) {
          variant.wall.add(times[0]);
          variant.cpu.add(times[1]);
        }
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add("Milliseconds, median of " + rounds + " interleaved rounds (and the least):");
    lines.add("");
    lines.add("| JDK | start | elapsed | processor |");
    lines.add("|---|---|---|---|");
    for (Variant each : variants) {
      lines.add(
          "| %d | %s | %.0f (%.0f) | %.0f (%.0f) |"
              .formatted(
                  each.jvm.jdk().version(),
                  each.jvm.name(),
                  each.wall.median(),
                  each.wall.quantile(0),
                  each.cpu.median(),
                  each.cpu.quantile(0)));
    }
    return lines;
  }

  /** Runs the program; returns milliseconds elapsed, and of the processor. */
  private double[] run(Jvm jvm, int settleMillis) throws Exception {
    Path out = fixtures.file("out");
    Path err = fixtures.file("err");
    List<String> timed =
        List.of("bash", "-c", "TIMEFORMAT='times %3R %3U %3S'; time \"$@\" 2>&1", "bash");
    Object[] arguments = settleMillis == 0 ? new Object[0] : new Object[] {settleMillis};
    int code =
        jvm.command(timed, fixtures.file("app.jar"), "TwoSockets", arguments)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start()
            .waitFor();
    String[] times = Files.readString(err).trim().split(" ", -1);
    if (code != 0 || times.length != 4) {
      throw new IllegalStateException(
          jvm + " ended with " + code + ": " + Files.readString(out) + Files.readString(err));
    }
    double system = Double.parseDouble(times[3]);
    return new double[] {
      Double.parseDouble(times[1]) * 1000, (Double.parseDouble(times[2]) + system) * 1000
    };
  }

  /** Counts the classes by what they are loaded from. */
  private List<String> classes(List<Variant> variants) throws Exception {
    String empty = "-javaagent:" + fixtures.emptyAgent();
    List<String> lines = new ArrayList<>();
    lines.add("| JDK | archive | of hb-agent | of the JDK, because of hb-agent |");
    lines.add("|---|---|---|---|");
    Map<String, String> rest = new TreeMap<>();
    Map<Jdk, Map<String, String>> without = new LinkedHashMap<>();
    for (Variant each : variants) {
      Jdk jdk = each.jvm.jdk();
      if (!without.containsKey(jdk)) {
        without.put(jdk, load(jvm(jdk, "empty", empty)));
      }
      String[] name = each.jvm.name().split(", ", 2);
      if (!name[0].equals("hb-agent") || each.jvm.name().endsWith("lost")) {
        continue;
      }
      int[] ours = new int[2];
      int[] theirs = new int[2];
      for (Map.Entry<String, String> one : load(each.jvm).entrySet()) {
        boolean mine = isOurs(one.getKey());
        boolean archived = isArchived(one.getValue());
        String otherwise = without.get(jdk).get(one.getKey());
        // Because of the agent: it is loaded at all, or not from an archive.
        if (mine || otherwise == null || (isArchived(otherwise) && !archived)) {
          int[] count = mine ? ours : theirs;
          count[0] += archived ? 1 : 0;
          count[1]++;
          if (!archived && each.jvm.name().endsWith("made with hb-agent")) {
            rest.put(one.getKey(), reason(one.getKey()));
          }
        }
      }
      lines.add(
          "| %d | %s | %d of %d | %d of %d |"
              .formatted(
                  jdk.version(),
                  name.length == 1 ? "that of the JDK" : name[1],
                  ours[0],
                  ours[1],
                  theirs[0],
                  theirs[1]));
    }
    lines.add("");
    lines.add("Not from the cache made with hb-agent:");
    lines.add("");
    Map<String, TreeSet<String>> reasons = new TreeMap<>();
    rest.forEach((name, reason) -> reasons.computeIfAbsent(reason, r -> new TreeSet<>()).add(name));
    reasons.forEach((reason, names) -> lines.add("- " + quoted(names) + ": " + reason));
    return lines;
  }

  private static String quoted(Set<String> names) {
    return "`" + String.join("`, `", names) + "`";
  }

  private static boolean isArchived(String source) {
    return source.startsWith("shared objects file");
  }

  private static boolean isOurs(String name) {
    return name.startsWith("io.hbagent.") || name.startsWith("java.net.HbAgent");
  }

  private static String reason(String name) {
    if (name.contains("Lambda") || name.contains("$$")) {
      return "spun for lambdas, which the JVM archives for neither woven classes nor those of a loader"
          + " that is not its own";
    }
    if (name.endsWith(".AgentMain") || name.endsWith(".AgentLoader")) {
      return "loaded from the jar that the JVM appends to the class path for an agent";
    }
    if (name.endsWith(".HbAgentBridge")) {
      return "defined into `java.base` while the JVM runs";
    }
    return isOurs(name)
        ? "subclasses of the class that is defined while the JVM runs"
        : "woven, so its code is not that of the cache, or nested in or extended by such a class";
  }

  /** Runs the program and returns what each class was loaded from, hidden ones under one name. */
  private Map<String, String> load(Jvm jvm) throws Exception {
    Path log = fixtures.file("classes.log");
    run(jvm.with("-Xlog:class+load:file=" + log), SETTLE_MILLIS);
    Map<String, String> loaded = new TreeMap<>();
    for (String line : Files.readAllLines(log)) {
      Matcher matcher = LOADED.matcher(line);
      if (matcher.matches()) {
        loaded.put(matcher.group(1).replaceAll("[/+]0x\\p{XDigit}+", ""), matcher.group(2));
      }
    }
    return loaded;
  }

  private static void print(String name, List<String> lines, Options options) throws IOException {
    lines.forEach(System.out::println);
    System.out.println();
    if (options.text("write").equals("true")) {
      String begin = "<!-- " + name + ": written by agent/src/bench/archive -->\n";
      String end = "<!-- end of " + name + " -->";
      String text = Files.readString(DOCUMENT);
      int from = text.indexOf(begin) + begin.length();
      Files.writeString(
          DOCUMENT,
          text.substring(0, from)
              + String.join("\n", lines)
              + "\n"
              + text.substring(text.indexOf(end)));
    }
  }
}
