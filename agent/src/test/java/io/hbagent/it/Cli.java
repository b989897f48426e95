package io.hbagent.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;

/** A run of the command line in a forked JVM, which has ended. */
public record Cli(Forked forked, int code) {

  public static Cli run(Jdk jdk, String... arguments) throws IOException, InterruptedException {
    return run(jdk, List.of(), arguments);
  }

  static Cli run(Jdk jdk, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    try (Forked forked = start(jdk, options, arguments)) {
      return new Cli(forked, forked.exit());
    }
  }

  static Cli run(List<String> java, Path jar, String... arguments)
      throws IOException, InterruptedException {
    try (Forked forked = start(java, jar, arguments)) {
      return new Cli(forked, forked.exit());
    }
  }

  static Forked start(Jdk jdk, List<String> options, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(jdk.command());
    command.addAll(options);
    return start(command, Jvm.AGENT, arguments);
  }

  /** Runs it in the given working directory. */
  static Cli runIn(Path folder, Jdk jdk, String... arguments)
      throws IOException, InterruptedException {
    ProcessBuilder builder = builder(jdk.command(), Jvm.AGENT, arguments);
    try (Forked forked = new Forked(builder.directory(folder.toFile()))) {
      return new Cli(forked, forked.exit());
    }
  }

  /** Starts the jar with {@code -jar}; {@code java} may be more than one word. */
  static Forked start(List<String> java, Path jar, String... arguments) throws IOException {
    return new Forked(builder(java, jar, arguments));
  }

  private static ProcessBuilder builder(List<String> java, Path jar, String... arguments) {
    List<String> command = new ArrayList<>(java);
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(List.of(arguments));
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
    return String.join("\n", forked.out());
  }

  String err() {
    return String.join("\n", forked.err());
  }

  void check(boolean good, String wanted) {
    if (!good) {
      Assertions.fail(forked.describe("wanted: " + wanted + ", exit code " + code));
    }
  }
}
