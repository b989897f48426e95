package io.hbagent.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;

/**
 * A folder of the small programs a benchmark measures with, compiled from agent/src/bench/java as
 * Java 8 class files so that every JDK runs the same bytes.
 */
final class Fixtures implements AutoCloseable {
  private static final Path SOURCES = Path.of("agent/src/bench/java");
  private final Path folder;

  Fixtures() throws IOException {
    folder = Files.createTempDirectory("hb-agent-bench");
  }

  /** Compiles one program, to be run with {@link #folder} as class path. */
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
                "-d",
                folder.toString(),
                SOURCES.resolve(name + ".java").toString());
    if (code != 0) {
      throw new IllegalStateException("javac refused " + name);
    }
  }

  /** The jar of an agent whose premain does nothing. */
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
    return jar;
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
