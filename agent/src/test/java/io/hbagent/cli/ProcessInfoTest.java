package io.hbagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that a target's user may have made, read by root. */
class ProcessInfoTest {

  @TempDir Path folder;

  private String read(String name) {
    return ProcessInfo.read(folder.resolve(name).toFile());
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
    assertTrue(read("large").length() < 9 << 20);
  }
}
