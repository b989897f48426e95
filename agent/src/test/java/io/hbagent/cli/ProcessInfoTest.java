package io.hbagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that a target's user may have made, read by root. */
class ProcessInfoTest {

  @TempDir Path folder;

  private String read(String name) {
    return ProcessInfo.read(folder.resolve(name).toFile(), 1 << 16);
  }

  @Test
  void onlyTheBeginningOfARegularFileIsRead() throws Exception {
    Path release = Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"17\"\n");
    assertEquals("JAVA_VERSION=\"17\"\n", read("release"));
    Files.createSymbolicLink(folder.resolve("link"), release);
    assertEquals("", read("link"));
    assertEquals("", read("."));
    assertEquals("", read("none"));
    File large = folder.resolve("large").toFile();
    try (RandomAccessFile file = new RandomAccessFile(large, "rw")) {
      file.setLength(1L << 40);
    }
    assertTrue(read("large").length() <= 80_000);
  }

  /** The jar of the command line that is not there any more, and no other one. */
  @Test
  void theDeletedJarOfTheStartIsNamed() throws Exception {
    Path there = Files.createFile(folder.resolve("other.jar"));
    Path gone = folder.resolve("z.jar");
    assertEquals(gone.toString(), missingAgentJar("-javaagent:" + gone + "=idle=5"));
    assertEquals(
        gone.toString(), missingAgentJar("-javaagent:" + there, "-javaagent:" + gone, "-jar"));
    assertEquals(null, missingAgentJar("-javaagent:" + there + "=idle=5"));
    assertEquals(null, missingAgentJar("-javaagent:z.jar=idle=5"), "its folder is not known");
    assertEquals(
        null, missingAgentJar("-javaagent:" + gone, "-javaagent:" + gone + "2"), "one of two");
  }

  private static String missingAgentJar(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "read x", "java"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).start();
    try {
      return new ProcessInfo(String.valueOf(process.pid())).missingAgentJar();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** Root's list would print it, or run out of memory. */
  @Test
  void aLargeReleaseFileIsReadInPart() throws Exception {
    Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
    Files.copy(Path.of("/bin/sleep").toRealPath(), java, StandardCopyOption.COPY_ATTRIBUTES);
    String version = "9".repeat(1 << 20);
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"" + version + "\"\n");
    Process process = new ProcessBuilder(java.toString(), "60").start();
    try {
      int length = new ProcessInfo(String.valueOf(process.pid())).javaVersion().length();
      assertTrue(length > 1_000 && length <= 80_000, length + " characters");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** As Elasticsearch's, for which vm.max_map_count is raised. */
  @Test
  void aJvmWithManyMappedFilesIsAJvm() throws Exception {
    Path deep = folder;
    for (int i = 0; i < 12; i++) {
      deep = deep.resolve("x".repeat(200));
    }
    Path file = Files.write(Files.createDirectories(deep).resolve("index"), new byte[1]);
    List<MappedByteBuffer> mapped = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file)) {
      for (int i = 0; i < 4_000; i++) {
        mapped.add(channel.map(FileChannel.MapMode.READ_ONLY, 0, 1));
      }
    }
    assertEquals(true, ProcessInfo.SELF.isJvm());
    assertEquals(4_000, mapped.size());
  }
}
