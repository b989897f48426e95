package io.hbagent.it;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;

/**
 * A run of the command line, which has ended.
 *
 * <p>Most commands run one after the other in JVMs that are kept for it: with a JVM of its own for
 * each, these were three quarters of the CPU time of all tests that fork. Those that are given
 * options of the JVM or a working directory, or are not waited for, have one of their own, as a
 * user's.
 *
 * @param command its words, for the message of a failed check
 */
public record Cli(String command, int code, List<String> lines, List<String> errors) {

  /** A way to run the command line. */
  private record Way(List<String> java, Path jar) {}

  /** The JVMs at rest that run commands. */
  private static final Map<Way, Deque<Forked>> AT_REST = new HashMap<>();

  public static Cli run(Jdk jdk, String... arguments) throws IOException, InterruptedException {
    return run(jdk.command(), Jvm.AGENT, arguments);
  }

  /**
   * Runs it from another jar.
   *
   * @param java may be more than one word
   */
  static Cli run(List<String> java, Path jar, String... arguments)
      throws IOException, InterruptedException {
    Way way = new Way(java, jar);
    Forked jvm = take(way);
    boolean clean = false;
    try {
      int out = jvm.out().size();
      int err = jvm.err().size();
      jvm.send(
          Arrays.stream(arguments)
              .map(word -> word.getBytes(StandardCharsets.UTF_8))
              .map(word -> Base64.getEncoder().encodeToString(word) + " ")
              .collect(Collectors.joining()));
      String end = jvm.awaitOut(out, line -> line.matches("(last )?exit \\d+"));
      jvm.awaitErr(err, end::equals);
      clean = end.startsWith("exit ");
      return new Cli(
          String.join(" ", arguments),
          Integer.parseInt(end.substring(end.lastIndexOf(' ') + 1)),
          printed(jvm.out(), out),
          printed(jvm.err(), err));
    } finally {
      if (clean) {
        giveBack(way, jvm);
      } else {
        jvm.close();
      }
    }
  }

  private static Forked take(Way way) throws IOException {
    synchronized (AT_REST) {
      AT_REST.forEach((each, free) -> endIfGone(each.jar, free));
      Deque<Forked> free = AT_REST.get(way);
      if (free != null && !free.isEmpty()) {
        return free.pop();
      }
    }
    Path commandLines = AttachTargetApp.jar();
    if (!way.jar.equals(Jvm.AGENT)) {
      // Beside the jar, where its readers can read it.
      Path copy = way.jar.resolveSibling(commandLines.getFileName());
      commandLines = Files.exists(copy) ? copy : Files.copy(commandLines, copy);
    }
    List<String> command = new ArrayList<>(way.java);
    command.addAll(List.of("-cp", way.jar + File.pathSeparator + commandLines, "CommandLines"));
    return new Forked(alone(command));
  }

  /** Ends the JVMs of a test that is over. */
  private static void endIfGone(Path jar, Deque<Forked> free) {
    if (Files.notExists(jar)) {
      free.forEach(Forked::close);
      free.clear();
    }
  }

  private static void giveBack(Way way, Forked jvm) {
    synchronized (AT_REST) {
      AT_REST.computeIfAbsent(way, each -> new ArrayDeque<>()).push(jvm);
    }
  }

  /** Returns the lines from an index to the one before the exit code, which begins a line. */
  private static List<String> printed(List<String> all, int from) {
    int end = all.size() - 1;
    return all.subList(from, end > from && all.get(end - 1).isEmpty() ? end - 1 : end);
  }

  static Cli run(Jdk jdk, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    return end(start(jdk, options, arguments));
  }

  /** Runs it in the given working directory. */
  static Cli runIn(Path folder, Jdk jdk, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder = builder(jdk.command(), Jvm.AGENT, arguments);
    return end(new Forked(builder.directory(folder.toFile())));
  }

  static Forked start(Jdk jdk, List<String> options, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(jdk.command());
    command.addAll(options);
    return start(command, Jvm.AGENT, arguments);
  }

  /** Starts the jar with {@code -jar}; {@code java} may be more than one word. */
  static Forked start(List<String> java, Path jar, String... arguments) throws IOException {
    return new Forked(builder(java, jar, arguments));
  }

  /** Waits until it has ended. */
  static Cli end(Forked forked) throws InterruptedException {
    try (forked) {
      int code = forked.exit();
      return new Cli(forked.command(), code, forked.out(), forked.err());
    }
  }

  private static ProcessBuilder builder(List<String> java, Path jar, String... arguments) {
    List<String> command = new ArrayList<>(java);
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(List.of(arguments));
    return alone(command);
  }

  /** Only the options under test apply. */
  private static ProcessBuilder alone(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    return builder;
  }

  /** Checks for exit code 0 and these texts on standard output. */
  public Cli prints(String... texts) {
    check(code == 0, "exit code 0");
    for (String text : texts) {
      check(out().contains(text), text + " on standard output");
    }
    return this;
  }

  /** Checks for this exit code and these texts on standard error, without a stack trace. */
  Cli fails(int wanted, String... words) {
    check(code == wanted, "exit code " + wanted);
    for (String word : words) {
      check(err().contains(word), word + " on standard error");
    }
    check(!err().contains("\tat "), "no stack trace");
    return this;
  }

  public String out() {
    return String.join("\n", lines);
  }

  String err() {
    return String.join("\n", errors);
  }

  void check(boolean good, String wanted) {
    if (!good) {
      Assertions.fail(
          "wanted: "
              + wanted
              + "\ncommand: "
              + command
              + "\nexit code "
              + code
              + "\n--- stdout\n"
              + out()
              + "\n--- stderr\n"
              + err());
    }
  }
}
