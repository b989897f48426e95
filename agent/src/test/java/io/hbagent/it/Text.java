package io.hbagent.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes text files. */
final class Text {

  private Text() {}

  /** Writes lines to a file in place, or creates it. */
  static Path write(Path file, String... lines) throws IOException {
    return Files.writeString(file, String.join("\n", lines) + "\n");
  }

  /** Replaces a file atomically. */
  static void replace(Path file, String... lines) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    write(fresh, lines);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
