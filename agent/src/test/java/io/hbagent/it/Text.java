package io.hbagent.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files of a test. */
final class Text {

  private Text() {}

  /** Writes lines where a file is, or is not yet: edited in place. */
  static Path write(Path file, String... lines) throws IOException {
    return Files.writeString(file, String.join("\n", lines) + "\n");
  }

  /** Puts another file in its place, in one step. */
  static void replace(Path file, String... lines) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    write(fresh, lines);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
