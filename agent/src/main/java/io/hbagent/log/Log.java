package io.hbagent.log;

import io.hbagent.text.Timestamp;
import java.util.Arrays;
import java.util.List;

/**
 * The agent's log. For the agent's own threads, none of which waits for the destination: a thread
 * of the log's own writes the lines, see {@link LogWriter}.
 *
 * <p>When the JVM ends it does not wait for that thread, as a shutdown hook would make it do: lines
 * of the last millisecond can be lost.
 */
public final class Log {

  private static final List<String> LEVELS = Arrays.asList("debug", "info", "warn", "error", "off");

  private static final long RETRY_MILLIS = 1_000;

  /** A detach does not take longer because of the log. */
  private static final long CLOSE_MILLIS = 2_000;

  private static volatile int least = LEVELS.indexOf("info");
  private static volatile LogWriter writer = writer("stderr", 0, 0);

  private Log() {}

  private static LogWriter writer(String target, long maxSize, int backups) {
    return new LogWriter(new LogFile(target, maxSize, backups), RETRY_MILLIS);
  }

  /**
   * Sets the log up, once, before the first line.
   *
   * @param target {@code stderr} or a file, which is appended to
   * @param level debug, info, warn, error or off
   * @param maxSize in bytes, above which the file is rolled; 0: never
   * @param backups the number of rolled files that are kept
   */
  public static void configure(String target, String level, long maxSize, int backups) {
    least = LEVELS.indexOf(level);
    writer = writer(target, maxSize, backups);
    if (!level.equals("off")) {
      writer.start(); // now, and not with a line that comes when the host has no memory left
    }
  }

  /**
   * Closes the log, after the last line. Returns when all is written, or after 2 s.
   *
   * @return the thread that the destination holds, in words; null if none is left
   */
  public static String close() {
    return writer.close(CLOSE_MILLIS);
  }

  /** Returns the number of lines that were dropped because the destination did not take them. */
  public static long dropped() {
    return writer.dropped();
  }

  /** Returns what keeps lines from being written now; null if nothing does. */
  public static String problem() {
    return writer.problem();
  }

  /** Logs what helps to find a fault. */
  public static void debug(Line line) {
    log("debug", line);
  }

  /** Logs a change. */
  public static void info(Line line) {
    log("info", line);
  }

  /** Logs what the user should look at. */
  public static void warn(Line line) {
    log("warn", line);
  }

  /** Logs what the user must cure. */
  public static void error(Line line) {
    log("error", line);
  }

  private static void log(String level, Line line) {
    if (LEVELS.indexOf(level) >= least) {
      writer.add(text(level, line));
    }
  }

  /** Returns the line with the time in UTC, the level and the agent before it. */
  static String text(String level, Line line) {
    StringBuilder text = new StringBuilder(256).append("ts=");
    text.append(Timestamp.millis(System.currentTimeMillis()));
    return text.append(" level=").append(level).append(" agent=hb-agent ").append(line).toString();
  }
}
