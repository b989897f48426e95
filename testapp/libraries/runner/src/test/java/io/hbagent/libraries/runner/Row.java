package io.hbagent.libraries.runner;

import io.hbagent.it.KernelTimers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A row of the table: one end of one way to use a library, in every mode. */
record Row(String label, String line) {

  static final String HEADER =
      "| library | version | end | by itself | with hb-agent | `conflict=respect` | `conflict=tighten` "
          + "| other end | note |\n"
          + "|---|---|---|---|---|---|---|---|---|\n";

  private static final KernelTimers KERNEL = KernelTimers.read();

  private static final int OTHER_END = 7;

  /** Returns the rows of a scenario from one run of each mode. */
  static List<Row> of(List<ScenarioRun> runs) {
    ScenarioRun first = runs.get(0);
    List<Row> rows = new ArrayList<>();
    // Which end of a connection comes first is a race; the variants keep their order.
    List<String> variants =
        first.connections().keySet().stream().map(ScenarioRun.End::variant).distinct().toList();
    List<ScenarioRun.End> ends =
        first.connections().keySet().stream()
            .sorted(
                Comparator.comparingInt((ScenarioRun.End end) -> variants.indexOf(end.variant()))
                    .thenComparing(ScenarioRun.End::role))
            .toList();
    for (ScenarioRun.End end : ends) {
      List<String> cells = new ArrayList<>();
      cells.add(label(first.library(), end.variant()));
      cells.add(first.version());
      cells.add(end.role());
      for (ScenarioRun run : runs) {
        run.that(run.connections().containsKey(end), end + " as without the agent");
        cells.add(text(run, end, runs));
      }
      cells.add(first.said("against", end.variant()));
      cells.add(first.note(end.variant()));
      rows.add(new Row(cells.get(0), "| " + String.join(" | ", cells) + " |"));
    }
    return rows;
  }

  static String label(String library, String variant) {
    return variant.isEmpty() ? library : library + ", " + variant;
  }

  String library() {
    return label.split(",", -1)[0];
  }

  /** Returns the row without the version of a server, which depends on the machine. */
  String comparable() {
    String[] cells = line.split(" \\| ", -1);
    cells[OTHER_END] = cells[OTHER_END].replaceFirst(" [\\d.]+$", "");
    return String.join(" | ", cells);
  }

  /** Returns whether it belongs to this variant or to a part of it. */
  boolean isOf(String variant) {
    return label.equals(variant) || label.startsWith(variant + ",");
  }

  static Row parse(String line) {
    return new Row(line.split(" \\| ", -1)[0].substring("| ".length()), line);
  }

  /** Returns the options of connections of one kind as text: more than one if they differ. */
  private static String text(ScenarioRun run, ScenarioRun.End end, List<ScenarioRun> runs) {
    Set<String> respected =
        runs.stream()
            .filter(each -> each.mode() == Mode.RESPECT)
            .flatMap(each -> each.connections().getOrDefault(end, new TreeSet<>()).stream())
            .collect(Collectors.toSet());
    return run.connections().get(end).stream()
        .map(
            options ->
                run.mode() == Mode.ALONE || isTighterThanThePolicy(run.mode(), options)
                    ? alone(options, respected, KERNEL)
                    : text(values(options)))
        .distinct()
        .collect(Collectors.joining("; "));
  }

  /** Under TIGHTEN the library's timers stand then, and what it leaves to the kernel with them. */
  private static boolean isTighterThanThePolicy(Mode mode, String options) {
    return mode == Mode.TIGHTEN && deadAfter(options) < Mode.DEAD_AFTER;
  }

  /** Returns the seconds within which an idle connection with these options detects a dead peer. */
  static long deadAfter(String options) {
    Map<String, String> values = values(options);
    if (!values.get("keepalive").equals("1")) {
      return Long.MAX_VALUE;
    }
    long idle = Long.parseLong(values.get("idle"));
    return idle + Long.parseLong(values.get("intvl")) * Long.parseLong(values.get("cnt"));
  }

  private static Map<String, String> values(String options) {
    Map<String, String> values = new HashMap<>();
    for (String option : options.split(" ", -1)) {
      int equals = option.indexOf('=');
      values.put(option.substring(0, equals), option.substring(equals + 1));
    }
    return values;
  }

  /**
   * Where the library's timers stand. What is the kernel's is so called, because its numbers are
   * others elsewhere: those that the library leaves to it, so that the policy's stand there under
   * RESPECT.
   */
  static String alone(String options, Set<String> respected, KernelTimers kernel) {
    Map<String, String> values = values(options);
    Map<String, String> policy = values(Mode.POLICY.trim());
    Map.of("idle", kernel.idle(), "intvl", kernel.intvl(), "cnt", kernel.cnt())
        .forEach(
            (name, number) -> {
              boolean left =
                  respected.stream()
                      .anyMatch(each -> values(each).get(name).equals(policy.get(name)));
              if (left && values.get(name).equals("" + number)) {
                values.put(name, "kernel");
              }
            });
    return text(values);
  }

  private static String text(Map<String, String> values) {
    String text = values.get("keepalive").equals("1") ? "on " + timers(values) : "off";
    String timeout = values.get("user-timeout");
    return timeout.equals("0") ? text : text + ", user timeout " + timeout + " ms";
  }

  private static String timers(Map<String, String> values) {
    String timers = values.get("idle") + "/" + values.get("intvl") + "/" + values.get("cnt");
    return timers.equals("kernel/kernel/kernel") ? "(kernel's timers)" : timers;
  }
}
