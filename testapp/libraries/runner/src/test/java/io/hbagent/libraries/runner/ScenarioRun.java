package io.hbagent.libraries.runner;

import io.hbagent.it.Forked;
import io.hbagent.it.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Assertions;

/** One scenario, run to its end in a JVM of its own: the lines it printed. */
record ScenarioRun(Mode mode, int exit, List<String[]> lines, String all) {

  /** One of several ways to use a library, and which end of a connection. */
  record End(String variant, String role) {}

  static ScenarioRun of(Path jar, Jdk jdk, Mode mode, Servers servers)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(jdk.command());
    // Runs for a second: the first compiler is enough and starts faster.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(jdk.opens());
    command.addAll(mode.jvmOptions(agentOptions(jar)));
    command.addAll(List.of("-jar", jar.toString()));
    Path folder = Files.createDirectories(jar.resolveSibling(mode.folder(jdk)));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder
        .environment()
        .keySet()
        .removeAll(
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "HB_AGENT_OPTIONS"));
    try (Forked forked = new Forked(builder)) {
      answer(forked, servers);
      int exit = forked.exit();
      List<String[]> lines = forked.out().stream().map(line -> line.split("\t", -1)).toList();
      return new ScenarioRun(mode, exit, lines, forked.describe(mode.toString()));
    }
  }

  /** Returns the options in the jar's manifest, or null. */
  private static String agentOptions(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getManifest().getMainAttributes().getValue("Agent-Options");
    }
  }

  /** Provides the servers it requests until it reports its end. */
  private static void answer(Forked forked, Servers servers)
      throws IOException, InterruptedException {
    int next = 0;
    while (true) {
      String line = forked.awaitOut(next, each -> each.equals("end") || each.startsWith("need\t"));
      if (line.equals("end")) {
        return;
      }
      List<String> out = forked.out(); // it may print more at any moment
      next += out.subList(next, out.size()).indexOf(line) + 1;
      forked.send(servers.answer(line.substring("need\t".length())));
    }
  }

  /** Checks for exit code 0 and no failure of the agent. */
  void check() {
    that(exit == 0, "exit 0");
    that(lines.stream().anyMatch(words -> words[0].equals(mode.failures())), mode.failures());
    that(!skips().isEmpty() || !connections().isEmpty(), "connections");
    if (mode == Mode.ENFORCE) {
      everyConnection(options -> options.startsWith(Mode.POLICY), Mode.POLICY);
    }
    if (mode == Mode.TIGHTEN) {
      everyConnection(
          options -> Row.deadAfter(options) <= Mode.DEAD_AFTER,
          "dead within " + Mode.DEAD_AFTER + " s ");
    }
  }

  private void everyConnection(Predicate<String> holds, String wanted) {
    connections()
        .forEach((end, options) -> that(options.stream().allMatch(holds), wanted + "on " + end));
  }

  void that(boolean good, String wanted) {
    if (!good) {
      Assertions.fail("wanted: " + wanted + "\n" + all);
    }
  }

  /** Returns the library and its version. */
  String library() {
    return lines("library").get(0)[1];
  }

  String version() {
    return lines("library").get(0)[2];
  }

  /** Returns the different options seen on each end. */
  Map<End, TreeSet<String>> connections() {
    Map<End, TreeSet<String>> ends = new LinkedHashMap<>();
    for (String[] words : lines("connection")) {
      ends.computeIfAbsent(new End(words[1], words[2]), end -> new TreeSet<>()).add(words[3]);
    }
    return ends;
  }

  /**
   * Returns the reasons of skips by variant; that of the variant without a name applies to the
   * whole scenario.
   */
  Map<String, String> skips() {
    return said("skipped");
  }

  /** Returns the notes of a variant or of all. */
  String said(String what, String variant) {
    Map<String, String> said = said(what);
    return said.getOrDefault(variant, said.getOrDefault("", ""));
  }

  /** Returns the last column: whether the variant sets timers of its own, and the notes. */
  String note(String variant) {
    String timers = said("own-timers").getOrDefault(variant, "");
    String note = said("note", variant);
    return timers + (timers.isEmpty() || note.isEmpty() ? "" : "; ") + note;
  }

  private Map<String, String> said(String what) {
    Map<String, String> said = new LinkedHashMap<>();
    lines(what).forEach(words -> said.put(words[1], words[2]));
    return said;
  }

  private List<String[]> lines(String what) {
    return lines.stream().filter(words -> words[0].equals(what)).toList();
  }
}
