package io.hbagent.it;

import io.hbagent.packaging.AgentJar;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * {@code start.zip}, which every start reads, contains the classes that are loaded before the
 * application's main, and none that a program with a socket does not need.
 */
class StartPartXIT {

  /** A line of -verbose:class, JDK 8 or newer. */
  private static final Pattern LOADED =
      Pattern.compile("(?:\\[Loaded |.*\\[class,load\\] )(io\\.hbagent\\.\\S+) .*");

  private static final Set<String> ENTRY_POINTS =
      Set.of("io.hbagent.AgentMain", "io.hbagent.AgentLoader");

  /** Classes that are loaded under another name, or on other JDKs only. */
  private static final Set<String> ELSEWHERE =
      Set.of("io.hbagent.hook.Bridge", "io.hbagent.hook.JavaBase9");

  @TestFactory
  Stream<DynamicTest> holdsWhatIsLoadedBeforeMain() {
    return Jdk.each(
        jdk -> {
          Set<String> part = AgentJar.classesOfPart("start", Jvm.AGENT);
          ProbeRun run =
              new Jvm(jdk)
                  .agent(ProbeRun.OPTIONS)
                  .option("-verbose:class")
                  .probe("--families=4", "--threads=platform", "tcp");
          run.noFailures();
          List<String> loaded =
              run.forked().out().stream()
                  .map(LOADED::matcher)
                  .filter(Matcher::matches)
                  .map(line -> line.group(1))
                  .toList();
          Set<String> before =
              loaded.stream()
                  .takeWhile(name -> !name.startsWith("io.hbagent.testapp."))
                  .filter(name -> !ENTRY_POINTS.contains(name))
                  .collect(Collectors.toCollection(TreeSet::new));
          run.check(before.contains("io.hbagent.runtime.StartHandler"), "StartHandler before main");
          before.removeAll(part);
          run.check(before.isEmpty(), "src/build/start-classes.txt to name also " + before);
          Set<String> unused = new TreeSet<>(part);
          unused.removeAll(loaded);
          unused.removeAll(ELSEWHERE);
          if (jdk.version() >= 17) { // fewer methods are woven on older ones
            run.check(unused.isEmpty(), "src/build/start-classes.txt not to name " + unused);
          }
        });
  }
}
