package io.hbagent.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the table of packages with the compiled classes as jdeps reports them. */
class PackageMapTest {
  private static final Path CLASSES = Path.of("target/classes");
  private static final String OURS = "io.hbagent";
  private static final Pattern EDGE = Pattern.compile("^ +(\\S+) +-> (\\S+) ", Pattern.MULTILINE);

  /**
   * Name of an internal class of the JDK; not a text that only mentions a package such as
   * sun.nio.ch.
   */
  private static final Pattern INTERNAL = Pattern.compile("(?:jdk|sun)[./](\\w+[./])+[A-Z]\\w*");

  private final PackageMap map;

  PackageMapTest() throws IOException {
    map = PackageMap.read();
  }

  @Test
  void everyPackageHasItsRow() throws IOException {
    Set<String> packages = new TreeSet<>();
    try (Stream<Path> files = Files.walk(CLASSES.resolve("io/hbagent"))) {
      files
          .filter(file -> file.toString().endsWith(".class"))
          .map(PackageMapTest::packageOf)
          .forEach(packages::add);
    }
    assertEquals(packages, map.uses.keySet());
  }

  @Test
  void packagesUseOnlyWhatTheirRowAllows() {
    Set<String> forbidden = new TreeSet<>();
    StringWriter output = new StringWriter();
    PrintWriter writer = new PrintWriter(output);
    int code =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(writer, writer, "-verbose:package", CLASSES.toString());
    assertEquals(0, code, output::toString);
    int edges = 0;
    Matcher edge = EDGE.matcher(output.toString());
    while (edge.find()) {
      edges++;
      String from = shortName(edge.group(1));
      String to = edge.group(2);
      boolean allowed =
          to.startsWith(OURS)
              ? map.uses.get(from).contains(shortName(to))
              : to.startsWith("java.") || map.foreign.get(from).stream().anyMatch(to::startsWith);
      if (!allowed) {
        forbidden.add(from + " -> " + to);
      }
    }
    assertTrue(edges > map.uses.size(), () -> "jdeps found hardly anything: " + output);
    assertEquals(Set.of(), forbidden);
  }

  @Test
  void noCycleAndNoPackageUsesTheRoot() {
    assertEquals(Set.of(), map.cycle());
    map.uses.forEach((name, used) -> assertTrue(!used.contains(PackageMap.ROOT), name));
  }

  /**
   * Checks names in strings: classes that are woven or used by reflection, which jdeps does not
   * see.
   */
  @Test
  void jdkInternalsAreNamedOnlyWhereAllowed() throws IOException {
    Set<String> forbidden = new TreeSet<>();
    try (Stream<Path> files = Files.walk(CLASSES.resolve("io/hbagent"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String from = packageOf(file);
        Matcher internal = INTERNAL.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        while (internal.find()) {
          String name = internal.group().replace('/', '.');
          if (map.foreign.get(from).stream().noneMatch(name::startsWith)) {
            forbidden.add(CLASSES.relativize(file) + " names " + name);
          }
        }
      }
    }
    assertEquals(Set.of(), forbidden);
  }

  private static String packageOf(Path file) {
    return shortName(CLASSES.relativize(file).getParent().toString().replace('/', '.'));
  }

  private static String shortName(String name) {
    return name.equals(OURS) ? PackageMap.ROOT : name.substring(OURS.length() + 1);
  }
}
