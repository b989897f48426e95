package io.hbagent.config;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way a settings file is changed in practice; every look is asked for, so no test waits. */
class FileWatchTest {
  @TempDir Path folder;
  private Path file;
  private FileWatch watch;

  @BeforeEach
  void aFileAtRest() throws IOException {
    file = Files.writeString(folder.resolve("hb.properties"), "idle=5");
    watch = new FileWatch(file.toFile(), true);
    assertFalse(watch.changed(), "one look is not enough");
    assertTrue(watch.changed(), "its first state counts, it may be newer than the settings");
    assertFalse(watch.changed());
  }

  private void assertOneChange() {
    assertFalse(watch.changed(), "seen once: it may be half written");
    assertTrue(watch.changed());
    assertFalse(watch.changed());
    assertFalse(watch.changed());
  }

  @Test
  void editedInPlace() throws IOException {
    Files.writeString(file, "idle=50");
    assertOneChange();
  }

  @Test
  void replacedByRename() throws IOException {
    Path next = Files.writeString(folder.resolve("next"), "idle=6");
    Files.setLastModifiedTime(next, Files.getLastModifiedTime(file));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    assertOneChange();
  }

  @Test
  void reachedByALinkThatIsSwapped() throws IOException {
    Path one = Files.createDirectory(folder.resolve("..one"));
    Path two = Files.createDirectory(folder.resolve("..two"));
    for (Path version : new Path[] {one, two}) {
      Files.writeString(version.resolve("hb.properties"), "version=" + version.getFileName());
      Files.setLastModifiedTime(version.resolve("hb.properties"), Files.getLastModifiedTime(file));
    }
    Path data = Files.createSymbolicLink(folder.resolve("..data"), one);
    watch = new FileWatch(data.resolve("hb.properties").toFile(), true);
    assertOneChange();
    Path next = Files.createSymbolicLink(folder.resolve("..next"), two);
    Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
    assertOneChange();
  }

  @Test
  void whatWasNotThereAndStillIsNotHasNotChanged() throws IOException {
    Files.delete(file);
    watch = new FileWatch(file.toFile(), false);
    for (int look = 0; look < 3; look++) {
      assertFalse(watch.changed());
    }
    Files.writeString(file, "idle=7");
    assertOneChange();
  }

  @Test
  void goneAndBack() throws IOException {
    Files.delete(file);
    assertOneChange();
    Files.writeString(file, "idle=7");
    assertOneChange();
  }

  @Test
  void stillBeingWritten() throws IOException {
    for (int i = 0; i < 5; i++) {
      Files.writeString(file, "idle=5" + "#".repeat(i));
      assertFalse(watch.changed());
    }
    assertTrue(watch.changed());
  }
}
