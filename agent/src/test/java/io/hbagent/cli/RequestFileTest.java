package io.hbagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that killed command lines have left are deleted, and nothing else. */
class RequestFileTest {

  private static final long NOW = 1_800_000_000_000L;
  private static final long HOUR = 3_600_000;

  @TempDir Path folder;

  private Path file(String name, long age) throws IOException {
    return aged(Files.writeString(folder.resolve(name), "ATTACH\nidle=7\n"), age);
  }

  private static Path aged(Path path, long age) throws IOException {
    return Files.setLastModifiedTime(path, FileTime.fromMillis(NOW - age));
  }

  private List<String> left() throws IOException {
    try (RequestFile.Folder open = RequestFile.Folder.at(folder)) {
      RequestFile.deleteStale(open, NOW);
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void onlyWhatIsOlderThanAnHour() throws IOException {
    file(".hb-agent-1", HOUR + 1);
    file(".hb-agent-1-", HOUR + 1); // as earlier versions named a withdrawn one
    file(".hb-agent-2", HOUR);
    file(".hb-agent-3", 0);
    file(".hb-agent-4", -HOUR); // by a clock that was set back since
    assertEquals(List.of(".hb-agent-2", ".hb-agent-3", ".hb-agent-4"), left());
  }

  /** Anyone may fill the folder. */
  @Test
  void onlySoManyNamesAreRead() throws IOException {
    for (int i = 0; i < RequestFile.Folder.MAX_NAMES + 7; i++) {
      file(".hb-agent-" + i, 2 * HOUR);
    }
    assertEquals(7, left().size());
  }

  @Test
  void onlyFilesOfOurs() throws IOException {
    Path other = file("other", 2 * HOUR);
    file("hb-agent-1", 2 * HOUR);
    aged(Files.createDirectory(folder.resolve(".hb-agent-folder")), 2 * HOUR);
    Files.createSymbolicLink(folder.resolve(".hb-agent-link"), other);
    assertEquals(List.of(".hb-agent-folder", ".hb-agent-link", "hb-agent-1", "other"), left());
  }
}
