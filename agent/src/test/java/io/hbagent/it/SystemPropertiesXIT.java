package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * System properties that an application sets in code take effect as without the agent: the agent
 * does not initialise classes of the JDK that read them when they are initialised. A class that was
 * initialised too early stays so, therefore the longest wait covers the shorter ones; only the time
 * before main needs a case of its own, without a wait.
 */
class SystemPropertiesXIT {

  private static final String PROGRAM = "io.hbagent.testapp.LateProperties";

  private static final Pattern INITIALISING =
      Pattern.compile("\\[(\\d+)\\] *\\d+ Initializing '([^']+)'(.*)");

  /** The classes that the agent initialises first in a JVM without sockets, with the reason. */
  private static final Map<String, String> ALLOWED =
      Map.of(
          "java/lang/(invoke/)?[^/]*(?<!ProcessImpl)",
          "the language: strings, exceptions, method handles",
          "java/lang/ProcessImpl(\\$LaunchMechanism)?",
          "from JDK 25 with ProcessEnvironment, of System.getenv: HB_AGENT_OPTIONS, before main",
          "java/(io|util|util/concurrent/atomic)/[^/]*",
          "streams and collections",
          "(java/nio/charset|sun/nio/cs)/.*|java/nio/(Char|HeapChar)Buffer",
          "text from bytes: the settings file",
          "java/(time|time/temporal|math)/.*",
          "the time stamp of a line",
          "java/security/AccessController",
          "the agent's threads run with its permissions; from JDK 24 it has no state",
          "jdk/internal/misc/Blocker",
          "with any stream on a file");

  /**
   * The runs that are attached to. The others refuse it, because a JVM that another test's list
   * asks for its properties initialises classes of its own for the answer.
   */
  private static final Set<String> ATTACHED = Set.of("e", "f");

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> whatMainSetsHolds() {
    return Jdk.each(
        jdk -> {
          Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.9 late.test\n");
          Path config =
              Files.writeString(
                  folder.resolve("hb.properties"),
                  "idle=9\nrules=six\nrule.six.remote=[2001:db8::]/32\n");
          String names = "jdk.net.hosts.file=" + hosts;
          try (Forked stack =
                  start(
                      jdk, "a", "idle=5,sweep=5", "1500", "set", "java.net.preferIPv4Stack=true");
              Forked addresses =
                  start(
                      jdk,
                      "b",
                      "conflict=tighten,watchdog=200ms,user-timeout=adaptive",
                      "1500",
                      "set",
                      "java.net.preferIPv6Addresses=true",
                      names);
              Forked off =
                  start(
                      jdk,
                      "c",
                      "keepalive=off,config=" + config,
                      "1500",
                      "set",
                      "java.net.preferIPv4Stack=true",
                      names);
              Forked atOnce =
                  start(
                      jdk,
                      "d",
                      "conflict=tighten",
                      "0",
                      "set",
                      "java.net.preferIPv4Stack=true",
                      names);
              Forked library =
                  start(jdk, "f", "idle=5", "2500", "library", "java.net.preferIPv4Stack=true")) {
            prints(stack, "wildcard=0.0.0.0", "loopback=127.0.0.1");
            prints(addresses, "wildcard=0:0:0:0:0:0:0:0", "loopback=0:0:0:0:0:0:0:1");
            prints(off, "wildcard=0.0.0.0");
            prints(atOnce, "wildcard=0.0.0.0");
            prints(library, "library=missing", "wildcard=0.0.0.0");
            if (jdk.version() >= 9) { // older ones do not have the property
              prints(addresses, "late.test=127.0.0.9");
              prints(off, "late.test=127.0.0.9");
              prints(atOnce, "late.test=127.0.0.9");
            }
            for (Forked each : List.of(stack, addresses, off, atOnce)) {
              assertEquals(
                  List.of(),
                  each.out().stream().filter(line -> line.startsWith("initialised=")).toList());
            }
            for (String run : List.of("a", "b", "c", "d")) {
              assertEquals(List.of(), initialisedFirst(run), "not on the list of " + run);
            }
            Cli.run(jdk, "status", "" + library.pid()).prints("self-test ok");
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> noClassFailsWhilePropertiesAreReplaced() {
    return Jdk.each(
        jdk -> {
          try (Forked app =
              start(jdk, "e", "idle=5,watchdog=200ms,conflict=tighten", "900", "replace")) {
            prints(app, "connected=true");
            // The agent's own property may have been set among the others, and is listed as well.
            app.awaitErr(0, StartLine::isStart);
            Cli.run(jdk, "status", "" + app.pid()).prints("self-test ok", "failures: 0");
            Cli.run(jdk, "list").prints(app.pid() + " ");
            app.closeInput();
            assertEquals(0, app.exit(), () -> app.describe("ends well"));
            prints(app, "xml=true");
          }
        });
  }

  private Forked start(Jdk jdk, String run, String options, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(jdk.command());
    if (jdk.version() >= 9) {
      command.add("-Xlog:class+init=info:file=" + folder.resolve(run + ".log") + ":tid");
    }
    if (!ATTACHED.contains(run)) {
      command.add("-XX:+DisableAttachMechanism");
    }
    command.add("-javaagent:" + Jvm.AGENT + "=" + options);
    command.addAll(List.of("-cp", Jvm.TESTAPP.toString(), PROGRAM));
    command.addAll(List.of(arguments));
    return new Forked(new ProcessBuilder(command));
  }

  private static void prints(Forked app, String... lines) throws InterruptedException {
    for (String line : lines) {
      String key = line.substring(0, line.indexOf('=') + 1);
      String printed = app.awaitOut(0, text -> text.startsWith(key));
      assertEquals(line, printed, () -> app.describe("prints " + line));
    }
  }

  /**
   * Returns the classes that are initialised by the agent's threads, or by the main thread before
   * main, until the program uses the network.
   */
  private List<String> initialisedFirst(String run) throws IOException {
    Path log = folder.resolve(run + ".log");
    if (!Files.exists(log)) {
      return List.of(); // JDK 8 has no such log: the program checks some classes by name
    }
    List<Matcher> order =
        Files.readAllLines(log).stream()
            .map(INITIALISING::matcher)
            .filter(Matcher::matches)
            .toList();
    int agent = place(order, "io/hbagent/AgentMain");
    int launcher = place(order, "sun/launcher/LauncherHelper"); // after the last premain
    int network = place(order, PROGRAM.replace('.', '/') + "$Network");
    String mainThread = order.get(agent).group(1);
    List<String> agentThreads =
        order.stream()
            .filter(line -> line.group(2).startsWith("io/hbagent/"))
            .map(line -> line.group(1))
            .toList();
    List<String> first = new ArrayList<>();
    for (int i = agent; i < network; i++) {
      Matcher line = order.get(i);
      boolean byAgent =
          line.group(1).equals(mainThread) ? i < launcher : agentThreads.contains(line.group(1));
      if (byAgent && !line.group(3).contains("(no method)") && !isAllowed(line.group(2))) {
        first.add(line.group(2));
      }
    }
    return first;
  }

  private static boolean isAllowed(String name) {
    return name.startsWith("io/hbagent/")
        || ALLOWED.keySet().stream().anyMatch(regex -> name.matches(regex));
  }

  private static int place(List<Matcher> order, String name) {
    List<String> names = order.stream().map(line -> line.group(2)).toList();
    assertTrue(names.contains(name), () -> name + " to be initialised, not only " + names);
    return names.indexOf(name);
  }
}
