package io.hbagent.libraries.runner;

import io.hbagent.it.Forked;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the version that a program prints. */
final class Version {
  private Version() {}

  /**
   * @param pattern its group is what goes into the table: without the part that changes with every
   *     update of the machine
   */
  static String of(Path program, String pattern) throws IOException, InterruptedException {
    try (Forked forked = new Forked(new ProcessBuilder(program.toString(), "--version"))) {
      forked.exit();
      Matcher matcher = Pattern.compile(pattern).matcher(String.join("\n", forked.out()));
      if (!matcher.find()) {
        throw new IOException(forked.describe("no version"));
      }
      return matcher.group(1);
    }
  }
}
