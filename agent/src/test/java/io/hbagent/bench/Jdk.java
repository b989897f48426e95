package io.hbagent.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A JDK whose JVMs a benchmark starts. */
record Jdk(int feature, Path home) {
  private static final Pattern VERSION = Pattern.compile("version \"(?:1\\.)?(\\d+)");

  static Jdk of(Path home) {
    try {
      Process process =
          new ProcessBuilder(home.resolve("bin/java").toString(), "-version")
              .redirectErrorStream(true)
              .start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher matcher = VERSION.matcher(text);
      if (!matcher.find()) {
        throw new IllegalArgumentException(home + ": java -version prints: " + text.trim());
      }
      return new Jdk(Integer.parseInt(matcher.group(1)), home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the JDK that runs this benchmark if it has this version, else the first one under
   * /usr/lib/jvm.
   */
  static Optional<Jdk> installed(int feature) {
    if (Runtime.version().feature() == feature) {
      return Optional.of(new Jdk(feature, Path.of(System.getProperty("java.home"))));
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
        .filter(jdk -> jdk.feature() == feature)
        .findFirst();
  }

  String java() {
    return home.resolve("bin/java").toString();
  }
}
