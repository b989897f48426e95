package io.hbagent.it;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Two classes of JDK 9 to 16 that initialise each other (JDK-8260366) are initialised before there
 * are two threads that could: begun from both ends at once, neither ends, nor does any socket.
 */
class DeadlockXIT {

  /**
   * The end that the agent's thread would begin with, and the application's main with the other.
   */
  private static final String OPTIONS = "sun/net/ext/ExtendedSocketOptions";

  private static final Pattern INITIALISING =
      Pattern.compile("\\[(\\d+)\\] *\\d+ Initializing '([^']+)'.*");

  @TestFactory
  Stream<DynamicTest> socketOptionsAreInitialisedBeforeMain() {
    return Jdk.each(
        jdk -> {
          ProbeRun run =
              new Jvm(jdk)
                  .agent(ProbeRun.OPTIONS)
                  // JDK 8 has neither these classes nor this option.
                  .option(jdk.version() < 9 ? "-showversion" : "-Xlog:class+init=info:stdout:tid")
                  .probe("conflict-socket-before-setKeepAlive");
          run.all(ProbeRun.POLICY).noFailures();
          if (jdk.version() < 9) {
            return;
          }
          List<Matcher> order =
              run.forked().out().stream()
                  .map(INITIALISING::matcher)
                  .filter(Matcher::matches)
                  .toList();
          String main = first(order, "io/hbagent/AgentMain").orElse("none");
          Optional<String> thread = first(order, OPTIONS);
          run.check(thread.isPresent(), OPTIONS + " to be initialised");
          if (jdk.version() < 17) {
            run.check(main.equals(thread.get()), OPTIONS + " to be initialised by main");
            run.check(
                place(order, OPTIONS) < place(order, "io/hbagent/testapp/probe/Probe"),
                OPTIONS + " to be initialised before main");
          }
        });
  }

  /** The thread that initialised it. */
  private static Optional<String> first(List<Matcher> order, String name) {
    return order.stream()
        .filter(line -> line.group(2).equals(name))
        .map(l -> l.group(1))
        .findFirst();
  }

  private static int place(List<Matcher> order, String name) {
    return order.stream().map(line -> line.group(2)).toList().indexOf(name);
  }
}
