package io.hbagent.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;

/**
 * A folder of the programs that benchmarks run, compiled from agent/src/bench/java as Java 8 class
 * files so that every JDK runs the same bytes.
 */
final class Fixtures implements AutoCloseable {
  private static final Path SOURCES = Path.of("agent/src/bench/java");
  private final Path folder;

  Fixtures() throws IOException {
    folder = Files.createTempDirectory("hb-agent-bench");
  }

  /** Compiles one program; run it with {@link #folder} as class path. */
  void compile(String name) throws IOException {
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                OutputStream.nullOutputStream(),
                null,
                "--release",
                "8",
                "-Xlint:-options",
                "-cp",
                folder.toString(), // programs compiled before
                "-d",
                folder.toString(),
                SOURCES.resolve(name + ".java").toString());
    if (code != 0) {
      throw new IllegalStateException("javac refused " + name);
    }
  }

  /**
   * Returns the jar of an agent whose premain does nothing. Its class is only in that jar: from the
   * class path, which comes first, it would be loaded without opening the jar.
   */
  Path emptyAgent() throws IOException {
    compile("Empty");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), "Empty");
    Path jar = file("empty.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      out.putNextEntry(new ZipEntry("Empty.class"));
      Files.copy(file("Empty.class"), out);
    }
    Files.delete(file("Empty.class"));
    return jar;
  }

  /**
   * Writes a jar of so many classes, and the program that loads them: copies of one class, each
   * with another number in its name.
   */
  void manyClasses(int count) throws IOException {
    compile("ManyClasses");
    compile("Class00000");
    String original = Files.readString(file("Class00000.class"), StandardCharsets.ISO_8859_1);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file("classes.jar")))) {
      for (int i = 1; i <= count; i++) {
        String name = "Class%05d".formatted(i);
        out.putNextEntry(new ZipEntry(name + ".class"));
        out.write(original.replace("Class00000", name).getBytes(StandardCharsets.ISO_8859_1));
      }
    }
  }

  Path folder() {
    return folder;
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
