package io.hbagent.it;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Two classes of JDK 9 to 16 that initialise each other (JDK-8260366) are left for the application
 * to initialise: begun by its thread and by one of the agent's at once, they deadlock, and with
 * them all sockets.
 */
class DeadlockXIT {

  /** The class that {@code sun.nio.ch.Net} initialises first, and the other one. */
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

  /** Returns the thread that initialised the class. */
  private static Optional<String> first(List<Matcher> order, String name) {
    return order.stream()
        .filter(line -> line.group(2).equals(name))
        .map(l -> l.group(1))
        .findFirst();
  }
}
