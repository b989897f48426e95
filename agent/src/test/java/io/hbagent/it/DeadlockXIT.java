package io.hbagent.it;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Two classes of JDK 9 to 16 that initialise each other (JDK-8260366) are left to the application:
 * begun from both ends at once, by its thread and one of the agent's, neither ends, nor does any
 * socket.
 */
class DeadlockXIT {

  /** The end that {@code sun.nio.ch.Net} begins with, and the other one. */
  private static final List<String> OPTIONS =
      List.of("sun/net/ext/ExtendedSocketOptions", "jdk/net/ExtendedSocketOptions");

  private static final Pattern INITIALISING =
      Pattern.compile("\\[(\\d+)\\] *\\d+ Initializing '([^']+)'.*");

  @TestFactory
  Stream<DynamicTest> socketOptionsAreInitialisedByTheApplication() {
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
          for (String name : OPTIONS) {
            Optional<String> thread = first(order, name);
            run.check(thread.isPresent(), name + " to be initialised");
            run.check(
                !thread.equals(first(order, "io/hbagent/hook/Weaver")),
                name + " not to be initialised by the agent's thread");
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
}
