package io.hbagent.log;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/**
 * Lines where tinylog is not needed, on stderr, or cannot run: its first class needs
 * java.management ({@code org.tinylog.runtime.ModernJavaRuntime}), which a small runtime image may
 * lack. On the agent's own threads; a line that cannot be written is lost, as it is with tinylog.
 */
final class PlainLog {

  private static final List<String> LEVELS = Arrays.asList("debug", "info", "warn", "error", "off");

  /** Null for stderr, which is asked for anew for each line: the application may exchange it. */
  private final PrintStream file;

  private final int least;

  private PlainLog(PrintStream file, String level) {
    this.file = file;
    this.least = LEVELS.indexOf(level);
  }

  /**
   * To the application's standard error.
   *
   * @param level the least that is written
   */
  static PlainLog toStderr(String level) {
    return new PlainLog(null, level);
  }

  /**
   * To a file, which is appended to.
   *
   * @param level the least that is written
   */
  static PlainLog toFile(String path, String level) {
    try {
      return new PlainLog(new PrintStream(new FileOutputStream(path, true), true, "UTF-8"), level);
    } catch (IOException e) {
      // It was looked at a moment ago, and is gone: stderr is better than nothing.
      return toStderr(level);
    }
  }

  void write(String level, String line) {
    if (LEVELS.indexOf(level) >= least) {
      PrintStream out = file == null ? System.err : file;
      try {
        // In one piece: what the application writes at the same moment does not come between.
        out.print(line + System.lineSeparator());
        out.flush();
      } catch (RuntimeException | LinkageError e) {
        // The application's own stream; the line is lost.
      }
    }
  }

  /** Closes the file; stderr is the application's. */
  void close() {
    if (file != null) {
      file.close();
    }
  }
}
