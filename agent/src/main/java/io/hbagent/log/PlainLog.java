package io.hbagent.log;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/**
 * Lines where tinylog cannot run: its first class needs java.management ({@code
 * org.tinylog.runtime.ModernJavaRuntime}), which a small runtime image may lack. On the agent's own
 * threads; a line that cannot be written is lost, as it is with tinylog.
 */
final class PlainLog {

  private static final List<String> LEVELS = Arrays.asList("debug", "info", "warn", "error", "off");

  private final PrintStream out;
  private final int least;

  private PlainLog(PrintStream out, String level) {
    this.out = out;
    this.least = LEVELS.indexOf(level);
  }

  /**
   * @param file to append to, or null for stderr
   * @param level the least that is written
   */
  static PlainLog open(String file, String level) {
    if (file != null) {
      try {
        PrintStream out = new PrintStream(new FileOutputStream(file, true), true, "UTF-8");
        return new PlainLog(out, level);
      } catch (IOException e) {
        // It was looked at a moment ago, and is gone: stderr is better than nothing.
      }
    }
    return new PlainLog(System.err, level);
  }

  void write(String level, String line) {
    if (LEVELS.indexOf(level) >= least) {
      out.println(line);
    }
  }

  /** Closes the file; stderr is the application's. */
  void close() {
    if (out != System.err) {
      out.close();
    }
  }
}
