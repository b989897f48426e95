package io.hbagent.bench;

import io.hbagent.it.Jdk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The command line of a benchmark: {@code --key value} pairs over defaults, which {@code --help}
 * prints.
 */
final class Options {
  private final Map<String, String> values;

  private Options(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Parses the options. Exits with 2 on a key that is not in {@code defaults}, because a misspelt
   * option would measure something else.
   */
  static Options parse(String[] args, Map<String, String> defaults) {
    Map<String, String> values = new LinkedHashMap<>(defaults);
    for (int i = 0; i < args.length; i += 2) {
      String key = args[i].startsWith("--") ? args[i].substring(2) : args[i];
      boolean help = key.equals("help") || key.equals("h");
      if (help || !defaults.containsKey(key) || i + 1 == args.length) {
        (help ? System.out : System.err).println("Options, with their defaults:");
        defaults.forEach((k, v) -> (help ? System.out : System.err).printf("  --%-10s %s%n", k, v));
        System.exit(help ? 0 : 2);
      }
      values.put(key, args[i + 1]);
    }
    return new Options(values);
  }

  String text(String key) {
    return values.get(key);
  }

  int number(String key) {
    return Integer.parseInt(values.get(key));
  }

  /** Returns numbers, separated by commas, in ascending order. */
  List<Integer> numbers(String key) {
    return Stream.of(values.get(key).split(",", -1)).map(Integer::valueOf).sorted().toList();
  }

  /** Returns a file, which must exist. */
  Path file(String key) {
    Path path = Path.of(values.get(key)).toAbsolutePath();
    if (!Files.exists(path)) {
      System.err.printf("--%s: there is no %s%n", key, path);
      System.exit(2);
    }
    return path;
  }

  /**
   * Returns JDK homes, separated by commas; a bare number N is the first JDK N found on this
   * machine, if any.
   */
  List<Jdk> jdks(String key) {
    List<Jdk> found = new ArrayList<>();
    for (String item : values.get(key).split(",", -1)) {
      if (item.matches("\\d+")) {
        installed(Integer.parseInt(item))
            .ifPresentOrElse(
                found::add, () -> System.out.printf("JDK %s: not found, left out%n", item));
      } else {
        found.add(Jdk.of(Path.of(item)));
      }
    }
    return found;
  }

  /**
   * Returns the JDK that runs this benchmark if it has this version, else the first one under
   * /usr/lib/jvm.
   */
  private static Optional<Jdk> installed(int version) {
    if (Jdk.running().version() == version) {
      return Optional.of(Jdk.running());
    }
    Path folder = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    TreeSet<Path> homes = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(homes::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return homes.stream()
        .filter(home -> Files.isExecutable(home.resolve("bin/java")))
        .map(Jdk::of)
        .filter(jdk -> jdk.version() == version)
        .findFirst();
  }
}
