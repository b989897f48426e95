package io.hbagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The release file of a JDK, which a target's user may have made, read by root. */
class ProcessInfoTest {

  @TempDir Path folder;

  @Test
  void onlyTheBeginningOfARegularFileIsRead() throws Exception {
    Path release = Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"17\"\n");
    assertEquals("JAVA_VERSION=\"17\"\n", ProcessInfo.release(release));
    Path link = Files.createSymbolicLink(folder.resolve("link"), release);
    assertEquals("", ProcessInfo.release(link));
    assertEquals("", ProcessInfo.release(folder));
    assertEquals("", ProcessInfo.release(folder.resolve("none")));
    Path large = Files.writeString(folder.resolve("large"), "x".repeat(1 << 20));
    assertEquals(1 << 16, ProcessInfo.release(large).length());
  }
}
