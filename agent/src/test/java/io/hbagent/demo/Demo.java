package io.hbagent.demo;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A run of {@code testapp/demo}, with its temporary files in a folder of the test. */
final class Demo implements AutoCloseable {
  /** The exit code of compare if it cannot run. */
  static final int NO_NAMESPACES = 3;

  final Process process;
  private final Path output;

  private Demo(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Skips a test in the runs on other JDKs. */
  static void onceOnly() {
    assumeTrue(
        System.getProperty("jdk.homes", "").isBlank(),
        "the demo runs on the JDK of the build only");
  }

  /**
   * Starts the demo.
   *
   * @param folder for its temporary files and its output
   * @param path put before the PATH, or instead of it when it ends without a colon
   */
  static Demo start(Path folder, String path, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("../testapp/demo"));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output");
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("TMPDIR", temporary.toString());
    builder
        .environment()
        .put("PATH", path.isEmpty() || path.endsWith(":") ? path + System.getenv("PATH") : path);
    for (String name :
        List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "HB_AGENT_OPTIONS")) {
      builder.environment().remove(name);
    }
    Process process = builder.start();
    process.getOutputStream().close();
    return new Demo(process, output);
  }

  /** Waits until it has ended. */
  Run ends(int seconds) throws IOException, InterruptedException {
    boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
    String printed = Files.readString(output);
    assertTrue(ended, () -> "still runs after " + seconds + " s:\n" + printed);
    return new Run(process.exitValue(), printed);
  }

  /** Waits until it has printed this or has ended, and returns whether it is still running. */
  boolean prints(String text, int seconds) throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (!Files.readString(output).contains(text)) {
      if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
        return false;
      }
      String printed = Files.readString(output);
      assertTrue(
          System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds),
          () -> "no '" + text + "' within " + seconds + " s:\n" + printed);
    }
    return true;
  }

  /** Sends SIGTERM, upon which it stops the processes it has started, also those in namespaces. */
  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The result of a run. */
  record Run(int exit, String output) {
    Matcher line(String regex) {
      Matcher matcher = Pattern.compile("(?m)^" + regex + "$").matcher(output);
      assertTrue(matcher.find(), () -> "no line '" + regex + "' in:\n" + output);
      return matcher;
    }

    /** Returns the length of the longest line except the progress, which a terminal overwrites. */
    int widest() {
      return output
          .lines()
          .filter(line -> !line.contains(" … "))
          .mapToInt(String::length)
          .max()
          .orElse(0);
    }
  }
}
