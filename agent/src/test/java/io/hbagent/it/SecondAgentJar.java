package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import net.bytebuddy.jar.asm.ClassReader;

/** Builds the jar of {@code SecondAgent} from its source, for JDK 8 and newer. */
final class SecondAgentJar {

  private SecondAgentJar() {}

  static Path build(Path folder) throws IOException {
    Path source = folder.resolve("SecondAgent.java");
    try (InputStream in = SecondAgentJar.class.getResourceAsStream("SecondAgent.java")) {
      Files.copy(in, source);
    }
    Path asm = Jars.of(ClassReader.class);
    Path classes = Files.createDirectory(folder.resolve("second-agent"));
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                System.out,
                System.err,
                "--release",
                "8",
                "-Xlint:-options",
                "-cp",
                asm.toString(),
                "-d",
                classes.toString(),
                source.toString());
    assertEquals(0, result, "the second agent compiles");
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Premain-Class", "SecondAgent");
    attributes.putValue("Can-Retransform-Classes", "true");
    attributes.putValue("Class-Path", asm.toUri().toString());
    Path jar = folder.resolve("second-agent.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        Stream<Path> files = Files.list(classes)) {
      for (Path file : files.toList()) {
        out.putNextEntry(new ZipEntry(file.getFileName().toString()));
        Files.copy(file, out);
      }
    }
    return jar;
  }
}
