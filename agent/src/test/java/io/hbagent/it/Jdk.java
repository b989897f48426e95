package io.hbagent.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A JDK that the tests run on. */
public record Jdk(int version, Path home) {

  private static final Pattern VERSION = Pattern.compile("version \"(?:1\\.)?(\\d+)");

  private static final List<Jdk> ALL =
      Arrays.stream(homes().split(",")).map(home -> of(Path.of(home.trim()))).toList();

  private static final Jdk RUNNING = of(Path.of(System.getProperty("java.home")));

  /**
   * Returns the JDKs of the system property {@code jdk.homes}, separated by commas, or the running
   * one.
   */
  public static List<Jdk> all() {
    return ALL;
  }

  /** Returns the JDK that runs the tests. */
  public static Jdk running() {
    return RUNNING;
  }

  private static String homes() {
    String homes = System.getProperty("jdk.homes", "");
    return homes.isBlank() ? System.getProperty("java.home") : homes;
  }

  /** Returns one test for each JDK, which run one after the other: they share a folder. */
  public static Stream<DynamicTest> each(ThrowingConsumer<Jdk> test) {
    return each(jdk -> true, test);
  }

  /** Returns one test for each matching JDK. */
  static Stream<DynamicTest> each(Predicate<Jdk> wanted, ThrowingConsumer<Jdk> test) {
    return all().stream()
        .filter(wanted)
        .map(
            jdk ->
                DynamicTest.dynamicTest(
                    each ->
                        each.displayName(jdk.toString())
                            .executionMode(ExecutionMode.SAME_THREAD)
                            .executable(() -> test.accept(jdk))));
  }

  /** Returns the JDK in a folder, which is asked for its version. */
  public static Jdk of(Path home) {
    Jdk jdk = new Jdk(0, home);
    try (Forked forked = new Forked(new ProcessBuilder(jdk.java(), "-version"))) {
      forked.exit();
      for (String line : forked.err()) {
        Matcher matcher = VERSION.matcher(line);
        if (matcher.find()) {
          return new Jdk(Integer.parseInt(matcher.group(1)), home);
        }
      }
      throw new IllegalArgumentException(forked.describe("no JDK in " + home));
    } catch (IOException e) {
      throw new UncheckedIOException("no JDK in " + home, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public String java() {
    return home.resolve("bin/java").toString();
  }

  /** Returns its {@code java} with the options of the system property {@code jvm.options}. */
  public List<String> command() {
    List<String> command = new ArrayList<>(List.of(java()));
    String options = System.getProperty("jvm.options", "");
    if (!options.isBlank()) {
      command.addAll(List.of(options.trim().split(" +")));
    }
    return command;
  }

  /** Returns the options that open the JDK's native methods, by which the probe asks the kernel. */
  public List<String> opens() {
    List<String> options = new ArrayList<>();
    if (version >= 9) {
      options.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
    }
    return options;
  }

  @Override
  public String toString() {
    return "JDK " + version;
  }
}
