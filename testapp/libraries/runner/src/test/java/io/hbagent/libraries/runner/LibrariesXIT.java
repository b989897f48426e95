package io.hbagent.libraries.runner;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.hbagent.it.Deadline;
import io.hbagent.it.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every scenario, in every mode, on every JDK of {@code -Djdk.homes}: each connection has the
 * agent's policy before the application uses it, and docs/libraries.md has the results.
 */
class LibrariesXIT {

  /** The JDK version that scenarios are compiled for. */
  private static final int OLDEST_JDK = 17;

  private static final Path FOLDERS = Path.of("..").toAbsolutePath().normalize();
  private static final Set<String> ONLY = only();
  private static final Servers SERVERS = new Servers();

  /** Number of JVMs started at a time: one for each processor. */
  private static final ExecutorService POOL =
      Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());

  private static final Map<Jdk, Map<String, Future<List<ScenarioRun>>>> RUNS =
      new LinkedHashMap<>();

  private static Set<String> only() {
    String names = System.getProperty("libraries.only", "");
    Set<String> only = new TreeSet<>(Arrays.asList(names.split(",", -1)));
    only.remove("");
    return only;
  }

  @BeforeAll
  static void start() throws IOException {
    for (Jdk jdk : Jdk.all()) {
      Map<String, Future<List<ScenarioRun>>> runs = new LinkedHashMap<>();
      if (jdk.version() >= OLDEST_JDK) {
        for (Path jar : jars()) {
          runs.put(
              jar.getParent().getParent().getFileName().toString(),
              POOL.submit(() -> run(jar, jdk)));
        }
      }
      RUNS.put(jdk, runs);
    }
  }

  private static List<Path> jars() throws IOException {
    try (Stream<Path> folders = Files.list(FOLDERS)) {
      return folders
          .filter(folder -> ONLY.isEmpty() || ONLY.contains(folder.getFileName().toString()))
          .map(folder -> folder.resolve("target/scenario.jar"))
          .filter(Files::exists)
          .sorted()
          .toList();
    }
  }

  /** Runs a scenario in each mode, or in none if there is no time left for all. */
  private static List<ScenarioRun> run(Path jar, Jdk jdk) throws Exception {
    List<ScenarioRun> runs = new ArrayList<>();
    for (Mode mode : Mode.values()) {
      if (Deadline.isOver()) {
        return List.of();
      }
      runs.add(ScenarioRun.of(jar, jdk, mode, SERVERS));
    }
    return runs;
  }

  @AfterAll
  static void stop() throws Exception {
    POOL.shutdownNow();
    SERVERS.close();
  }

  @TestFactory
  Stream<DynamicNode> everyConnectionIsHeld() {
    return RUNS.entrySet().stream()
        .map(entry -> dynamicContainer(entry.getKey().toString(), held(entry.getKey())));
  }

  private static Stream<DynamicNode> held(Jdk jdk) {
    if (jdk.version() < OLDEST_JDK) {
      return Stream.of(
          dynamicTest("all", () -> abort("the scenarios are compiled for Java " + OLDEST_JDK)));
    }
    return RUNS.get(jdk).entrySet().stream()
        .flatMap(
            run ->
                Stream.concat(
                    Stream.of(
                        dynamicTest(
                            run.getKey(),
                            () -> {
                              List<ScenarioRun> each = run.getValue().get();
                              assumeTrue(!each.isEmpty(), Deadline.OVER);
                              each.forEach(ScenarioRun::check);
                            })),
                    skipped(run.getKey(), run.getValue())));
  }

  /** Returns a skipped test, with the reason, for each variant that could not be run. */
  private static Stream<DynamicNode> skipped(String folder, Future<List<ScenarioRun>> runs) {
    List<DynamicNode> nodes = new ArrayList<>();
    try {
      if (!runs.get().isEmpty()) {
        // A scenario's notes are the same in every mode.
        runs.get()
            .get(0)
            .skips()
            .forEach(
                (variant, why) ->
                    nodes.add(dynamicTest(Row.label(folder, variant), () -> abort(why))));
      }
    } catch (Exception e) {
      // Reported by the scenario's own test.
      return Stream.empty();
    }
    return nodes.stream();
  }

  @Test
  void theDocumentSaysWhatWasSeen() throws Exception {
    for (Map.Entry<Jdk, Map<String, Future<List<ScenarioRun>>>> each : RUNS.entrySet()) {
      if (each.getKey().version() >= OLDEST_JDK) {
        List<List<ScenarioRun>> runs = new ArrayList<>();
        for (Future<List<ScenarioRun>> scenario : each.getValue().values()) {
          runs.add(scenario.get());
        }
        document(runs);
      }
    }
  }

  /**
   * Compares the document with the runs of one JDK, or writes it.
   *
   * @param runs of each scenario, none where there was no time for it
   */
  private static void document(List<List<ScenarioRun>> runs) throws IOException {
    List<List<ScenarioRun>> begun = runs.stream().filter(each -> !each.isEmpty()).toList();
    boolean all = ONLY.isEmpty() && begun.size() == runs.size();
    List<Row> rows = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (List<ScenarioRun> scenario : begun) {
      rows.addAll(Row.of(scenario));
      ScenarioRun first = scenario.get(0);
      first.skips().keySet().forEach(variant -> skipped.add(Row.label(first.library(), variant)));
    }
    Set<String> made = rows.stream().map(Row::label).collect(Collectors.toSet());
    Set<String> libraries = rows.stream().map(Row::library).collect(Collectors.toSet());
    // Of the document's rows: those of libraries that were not run, and of variants that could not
    // be.
    Predicate<Row> excuse =
        row ->
            !made.contains(row.label())
                && ((!all && !libraries.contains(row.library()))
                    || skipped.stream().anyMatch(row::isOf));
    if (Boolean.getBoolean("libraries.write")) {
      Table.read().write(rows, excuse);
    } else {
      Table.read().holds(rows, excuse);
    }
  }
}
