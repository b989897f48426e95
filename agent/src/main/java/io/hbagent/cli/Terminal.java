package io.hbagent.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;

/** The terminal of the command line, if there is one, and its size. */
final class Terminal {

  /** Width of a terminal that reports none, and of output that goes elsewhere. */
  private static final int COLUMNS = 80;

  private static final int LEAST_COLUMNS = 40;
  private static final int LEAST_ROWS = 10;

  private Terminal() {}

  /**
   * Returns whether standard output is a terminal. From JDK 22 on there is a console also when
   * output is redirected, with a method for this.
   */
  @SuppressWarnings("SystemConsoleNull")
  static boolean showsOutput() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true; // JDK 8 to 21: there would be none
    }
  }

  /**
   * Returns whether standard output and standard error are one terminal. Without /proc both are
   * taken to go the same way.
   */
  static boolean showsErrors() {
    if (!showsOutput()) {
      return false;
    }
    try {
      Path out = Files.readSymbolicLink(Paths.get("/proc/self/fd/1"));
      return out.equals(Files.readSymbolicLink(Paths.get("/proc/self/fd/2")));
    } catch (IOException | RuntimeException e) {
      return true;
    }
  }

  /** Returns whether standard output is a pipe or socket; false without /proc. */
  static boolean outputIsPipe() {
    try {
      Path out = Files.readSymbolicLink(Paths.get("/proc/self/fd/1"));
      return out.toString().matches("(pipe|socket):.*");
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /** Returns rows and columns; without a terminal the rows are unlimited. */
  static int[] size() {
    return parse(showsOutput() ? stty() : "");
  }

  /** Returns the size that {@code stty size} printed; for other text that of no terminal. */
  static int[] parse(String rowsAndColumns) {
    String text = rowsAndColumns.trim();
    String[] words =
        text.matches("\\d{1,5} \\d{1,5}") ? text.split(" ", 2) : new String[] {"0", "0"};
    int rows = Integer.parseInt(words[0]);
    int columns = Integer.parseInt(words[1]);
    return new int[] {
      rows < LEAST_ROWS ? Integer.MAX_VALUE : rows, columns < LEAST_COLUMNS ? COLUMNS : columns
    };
  }

  /** Runs {@code stty}, as Java has no such call; returns an empty text if that fails. */
  private static String stty() {
    try {
      Process process =
          new ProcessBuilder("stty", "size")
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectErrorStream(true)
              .start();
      byte[] text = new byte[100];
      int size = process.getInputStream().read(text);
      return new String(text, 0, Math.max(size, 0), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return "";
    }
  }
}
