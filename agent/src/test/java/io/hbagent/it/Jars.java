package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;

/** Jars on the class path of the tests, and those built from source files among their resources. */
public final class Jars {

  private Jars() {}

  /** Returns the jar or folder that a class comes from. */
  static Path of(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(type.getName(), e);
    }
  }

  /**
   * Compiles source files for JDK 8 and newer and packs the classes into a jar.
   *
   * @param jar the file, beside which sources and classes are kept
   * @param manifest attributes of the main section; the jars of {@code Class-Path} are for the
   *     compiler as well
   * @param beside the class whose resources the source files are
   * @return the absolute path of the jar
   */
  public static Path build(
      Path jar, Map<String, String> manifest, Class<?> beside, String... sources)
      throws IOException {
    Path folder =
        Files.createDirectories(jar.toAbsolutePath().resolveSibling(jar.getFileName() + ".d"));
    Path classes = Files.createDirectories(folder.resolve("classes"));
    List<String> arguments =
        new ArrayList<>(List.of("--release", "8", "-Xlint:-options", "-d", classes.toString()));
    if (manifest.containsKey("Class-Path")) {
      arguments.addAll(List.of("-cp", Path.of(URI.create(manifest.get("Class-Path"))).toString()));
    }
    for (String source : sources) {
      Path file = folder.resolve(Path.of(source).getFileName());
      try (InputStream in = beside.getResourceAsStream(source)) {
        Files.write(file, in.readAllBytes());
      }
      arguments.add(file.toString());
    }
    assertEquals(
        0,
        ToolProvider.getSystemJavaCompiler()
            .run(null, System.out, System.err, arguments.toArray(new String[0])),
        () -> "compiles " + String.join(", ", sources));
    Manifest head = new Manifest();
    head.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.forEach(head.getMainAttributes()::putValue);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), head);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
    return jar.toAbsolutePath();
  }
}
