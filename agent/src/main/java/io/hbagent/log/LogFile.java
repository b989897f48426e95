package io.hbagent.log;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The destination that {@code log=} names: stderr, a file, or a FIFO or device. On the log's own
 * thread.
 *
 * <p>A file is opened for each line, in append mode (O_APPEND), and a line is one write. So several
 * JVMs can share a file, and it can be truncated, renamed or deleted at any time; a few lines a
 * minute need nothing faster. The file writers of logging libraries hold a position in the file or
 * lock it through a FileChannel; the one loses lines of a second JVM and of a pipe, the other
 * initialises the JDK's network before the application does.
 */
class LogFile {

  private final long maxSize;
  private final int backups;

  /** Null for stdout and stderr. */
  private final File file;

  /**
   * The stream that stays open: stdout, and a FIFO or device, which its reader would take to have
   * ended. Null for stderr, which is the present {@link System#err}: the application may replace
   * it.
   */
  private OutputStream stream;

  private boolean wasOpen;
  private boolean openFailed;
  private boolean rollFailed;

  /** True if the last write failed and may have left a part of its line. */
  private boolean torn;

  /**
   * @param target {@code stderr} or a path
   * @param maxSize in bytes, above which a file is rolled; 0: never
   * @param backups the number of rolled files that are kept
   */
  LogFile(String target, long maxSize, int backups) {
    this.maxSize = maxSize;
    this.backups = backups;
    boolean isStdout = target.equals("/dev/stdout");
    // By its descriptor. A redirected file that is opened again has a second position, and the
    // application overwrites our lines; a socket, as systemd has it, cannot be opened again.
    stream = isStdout ? new FileOutputStream(FileDescriptor.out) : null;
    file = isStdout || target.equals("stderr") ? null : new File(target).getAbsoluteFile();
  }

  /**
   * Writes one line in one piece.
   *
   * @param line without a line separator
   * @throws IOException if it was not written as a whole
   */
  void write(String line) throws IOException {
    StringBuilder text = new StringBuilder(torn ? "\n" : "");
    OutputStream out = stream;
    if (file != null && out == null) {
      if (isFull(line)) {
        roll(line, text);
      }
      out = open(text);
    }
    text.append(line);
    if (out == null) {
      PrintStream err = System.err;
      // In one piece: nothing the application prints at the same moment comes between.
      err.print(text.append(System.lineSeparator()));
      err.flush();
      return;
    }
    byte[] bytes = text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    torn = true;
    try {
      out.write(bytes);
      torn = false;
    } finally {
      if (file != null && (torn || out != stream)) {
        stream = null;
        out.close();
      }
    }
  }

  /**
   * Opens the file; a FIFO once it has a reader. A file that could never be opened is reported once
   * and tried again for each line.
   *
   * @return null if this line goes to stderr
   */
  private OutputStream open(StringBuilder text) throws IOException {
    boolean isSpecial = file.exists() && !file.isFile();
    try {
      OutputStream out = new FileOutputStream(file, true);
      stream = isSpecial ? out : null;
      wasOpen = true;
      return out;
    } catch (FileNotFoundException e) {
      if (wasOpen) {
        throw e;
      }
      if (!openFailed) {
        openFailed = true;
        Line line = new Line("log-unusable").add("log", file).add("reason", e.getMessage());
        text.append(Log.text("warn", line.add("using", "stderr"))).append(System.lineSeparator());
      }
      return null;
    }
  }

  /**
   * Renames FILE to FILE.1, FILE.1 to FILE.2 and so on; the last backup is overwritten. Another JVM
   * with the same file goes on with the new one, since it opens it for each line.
   */
  private void roll(String line, StringBuilder text) {
    File older = numbered(backups);
    for (int i = backups - 1; i >= 0; i--) {
      File newer = i == 0 ? file : numbered(i);
      newer.renameTo(older);
      older = newer;
    }
    boolean failed = isFull(line); // not by the result of renameTo: another JVM may have been first
    if (failed && !rollFailed) {
      Line warning = new Line("log-not-rolled").add("log", file);
      warning.add("reason", "it cannot be renamed; see that its folder can be written to");
      text.append(Log.text("warn", warning)).append('\n');
    }
    rollFailed = failed;
  }

  private boolean isFull(String line) {
    return maxSize > 0 && file.isFile() && file.length() + line.length() >= maxSize;
  }

  private File numbered(int backup) {
    return new File(file.getPath() + "." + backup);
  }

  /** Closes what stays open. */
  void close() {
    if (file != null && stream != null) {
      try {
        stream.close();
      } catch (IOException e) {
        // Every line has been written.
      }
    }
  }
}
