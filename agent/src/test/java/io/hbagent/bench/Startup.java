package io.hbagent.bench;

import io.hbagent.it.Jdk;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Measures the cost of the agent at start: wall time and peak memory of a program that opens two
 * sockets and ends, without an agent, with an agent that does nothing, and with hb-agent.
 *
 * <p>The program reads VmHWM of its own process as its last act. A second, shorter series waits
 * first, so that what the agent does on its own thread after {@code main} began is in the peak as
 * well. With {@code --classes N} the program loads N classes first, in a class loader of its own;
 * with {@code --classes N,M} there is a table for both, and what a class costs of those by which M
 * exceeds N: without the start, and without what the agent does on its own thread beside it, if
 * that has ended in both programs (it begins 250 ms after {@code main}; 10,000 classes take
 * longer).
 */
public final class Startup {
  private static final double TARGET_RATIO = 2.0;
  private static final double TARGET_MIB = 10;
  private static final int SETTLE_MILLIS = 2000;

  private static final Pattern OF_PROC_STATUS = Pattern.compile("\\w+:\\t.*");

  /**
   * "OpenJDK … VM warning: …", "WARNING: …" of launcher and libraries, "[0.010s][warning][cds] …".
   */
  private static final Pattern OF_JVM =
      Pattern.compile(
          ".*\\bVM warning\\b.*|WARNING: .*|\\[[\\d.,]+m?s]\\[\\w+ *]\\[.*|\\*\\*\\*.*");

  private final Fixtures fixtures;

  private Startup(Fixtures fixtures) {
    this.fixtures = fixtures;
  }

  private static final class Variant {
    final Jvm jvm;
    final int classes;
    final Sample wall = new Sample();
    final Sample peak = new Sample();
    final Sample settled = new Sample();
    final Set<String> lines = new LinkedHashSet<>();

    Variant(Jvm jvm, int classes) {
      this.jvm = jvm;
      this.classes = classes;
    }
  }

  private record Run(double millis, double peakMib) {}

  public static void main(String[] args) throws Exception {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("rounds", "20");
    defaults.put("settled", "5");
    defaults.put("jdks", "17,25");
    defaults.put("jar", "agent/target/hb-agent.jar");
    defaults.put("options", "idle=5,intvl=5,cnt=3");
    defaults.put("classes", "0");
    Options options = Options.parse(args, defaults);
    try (Fixtures fixtures = new Fixtures()) {
      new Startup(fixtures).run(options);
    }
  }

  private void run(Options options) throws Exception {
    List<Integer> classes = options.numbers("classes");
    fixtures.compile("TwoSockets");
    if (Collections.max(classes) > 0) {
      fixtures.manyClasses(Collections.max(classes));
    }
    String empty = fixtures.emptyAgent().toString();
    String ours = options.file("jar") + "=" + options.text("options");
    List<Variant> variants = new ArrayList<>();
    for (Jdk jdk : options.jdks("jdks")) {
      for (int count : classes) {
        variants.add(new Variant(Jvm.plain(jdk), count));
        variants.add(new Variant(Jvm.agent(jdk, "empty premain", empty), count));
        variants.add(new Variant(Jvm.agent(jdk, "hb-agent", ours), count));
      }
    }
    int rounds = options.number("rounds");
    int settled = options.number("settled");
    for (Variant variant : variants) {
      start(variant); // warms up the page cache
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < variants.size(); i++) {
        Variant variant = variants.get((i + round) % variants.size());
        Run run = start(variant);
        variant.wall.add(run.millis);
        variant.peak.add(run.peakMib);
      }
    }
    for (int round = 0; round < settled; round++) {
      for (Variant variant : variants) {
        variant.settled.add(start(variant, SETTLE_MILLIS).peakMib);
      }
    }
    System.out.printf(
        "A program that opens two sockets, %d interleaved rounds (%d for the peak after 2 s);"
            + " %s%n",
        rounds, settled, options.text("options"));
    for (int i = 0; i < variants.size(); i += 3) {
      List<Variant> three = variants.subList(i, i + 3);
      print(three.get(0), three.get(1), three.get(2), settled > 0);
      if (i / 3 % classes.size() > 0) {
        List<Variant> fewer = variants.subList(i - 3, i);
        int further = three.get(0).classes - fewer.get(0).classes;
        for (int other = 0; other < 2; other++) {
          double less = over(fewer.get(2), fewer.get(other));
          double more = over(three.get(2), three.get(other));
          printPerClass("the further", further, three.get(other), more - less);
        }
      }
    }
  }

  /** Runs the program once and keeps the lines it printed that are not its own. */
  private Run start(Variant variant, Object... args) throws Exception {
    var out = fixtures.file("out");
    var err = fixtures.file("err");
    ProcessBuilder command =
        variant
            .jvm
            .with("-Dclasses=" + variant.classes)
            .command(List.of(), fixtures.folder(), program(variant), args)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    long begin = System.nanoTime();
    int code = command.start().waitFor();
    double millis = (System.nanoTime() - begin) / 1e6;
    if (code != 0) {
      throw new IllegalStateException(
          command.command() + " ended with " + code + ": " + Files.readString(err));
    }
    variant.lines.addAll(Files.readAllLines(err));
    double peak = 0;
    for (String line : Files.readAllLines(out)) {
      if (line.startsWith("VmHWM:")) {
        peak = Integer.parseInt(line.replaceAll("\\D", "")) / 1024.0;
      } else if (!OF_PROC_STATUS.matcher(line).matches()) {
        variant.lines.add(line);
      }
    }
    return new Run(millis, peak);
  }

  private static String program(Variant variant) {
    return variant.classes > 0 ? "ManyClasses" : "TwoSockets";
  }

  private void print(Variant none, Variant empty, Variant ours, boolean settled) {
    System.out.printf(
        "%nJDK %-12s %9s %9s %9s %9s %10s%s%n",
        none.jvm.jdk().version(),
        "wall ms",
        "quartile",
        "quartile",
        "peak MiB",
        "after 2 s",
        none.classes > 0 ? "   and loads " + none.classes + " classes" : "");
    for (Variant v : List.of(none, empty, ours)) {
      System.out.printf(
          "%-16s %9.1f %9.1f %9.1f %9.1f %10s%n",
          v.jvm.name(),
          v.wall.median(),
          v.wall.quantile(0.25),
          v.wall.quantile(0.75),
          v.peak.median(),
          settled ? "%.1f".formatted(v.settled.median()) : "-");
    }
    if (ours.classes > 0) {
      printPerClass("these", ours.classes, none, over(ours, none));
      printPerClass("these", ours.classes, empty, over(ours, empty));
    } else {
      double ratio = ratio(none, empty, ours, 0.5);
      System.out.printf(
          "(hb-agent - none) / (empty - none)  %5.2f      target %4.1f  %s   (lower quartiles:"
              + " %.2f)%n",
          ratio, TARGET_RATIO, verdict(ratio <= TARGET_RATIO), ratio(none, empty, ours, 0.25));
    }
    double mib = ours.peak.median() - none.peak.median();
    System.out.printf(
        "peak memory over none               %5.1f MiB  target %4.0f  %s%n",
        mib, TARGET_MIB, verdict(mib <= TARGET_MIB));
    if (settled) {
      double later = ours.settled.median() - none.settled.median();
      System.out.printf(
          "the same, two seconds later         %5.1f MiB  target %4.0f  %s%n",
          later, TARGET_MIB, verdict(later <= TARGET_MIB));
    }
    Set<String> foreign = new LinkedHashSet<>(ours.lines);
    foreign.removeAll(none.lines);
    List<String> jvm = foreign.stream().filter(OF_JVM.asMatchPredicate()).toList();
    System.out.printf(
        "lines of the JVM, with the agent only    %d      target    0  %s%n",
        jvm.size(), verdict(jvm.isEmpty()));
    jvm.forEach(line -> System.out.println("  JVM:      " + line));
    foreign.stream()
        .filter(OF_JVM.asMatchPredicate().negate())
        .limit(1)
        .forEach(line -> System.out.println("  hb-agent: " + line));
  }

  private static double over(Variant ours, Variant other) {
    return ours.wall.median() - other.wall.median();
  }

  /**
   * Prints the milliseconds over another variant, divided by the number of classes, and the spread
   * of single runs. For all classes that includes the start; for the further ones it is the
   * difference between the programs with more and with fewer classes.
   */
  private static void printPerClass(String which, int classes, Variant other, double millis) {
    double spread = other.wall.quantile(0.75) - other.wall.quantile(0.25);
    System.out.printf(
        "a class of %s %d, over %-13s %+5.1f us   (the quartiles of %s alone: %.1f us)%n",
        which,
        classes,
        other.jvm.name(),
        millis * 1000 / classes,
        other.jvm.name(),
        spread * 1000 / classes);
  }

  private static double ratio(Variant none, Variant empty, Variant ours, double quantile) {
    double base = none.wall.quantile(quantile);
    return (ours.wall.quantile(quantile) - base) / (empty.wall.quantile(quantile) - base);
  }

  static String verdict(boolean met) {
    return met ? "met   " : "MISSED";
  }
}
