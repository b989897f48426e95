package io.hbagent.log;

import io.hbagent.text.Timestamp;
import java.io.File;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.tinylog.Level;
import org.tinylog.configuration.Configuration;
import org.tinylog.provider.ProviderRegistry;

/**
 * Where the agent's lines go. Only for the agent's own threads: every line may block.
 *
 * <p>A file is tinylog's. For lines to stderr, which nearly every start writes one of, it is not
 * loaded: the first costs it some 70 ms and the host 4 MiB, because it asks the JDK's management,
 * process handles and locale data for what no line of ours says.
 */
public final class Log {

  /** Takes the lines where tinylog need not, or cannot; null where it does. */
  private static volatile PlainLog plain;

  private Log() {}

  /**
   * Sets it up, once, before the first line.
   *
   * @param target {@code stderr} or a file, which is appended to
   * @param level debug, info, warn, error or off
   */
  public static void configure(String target, String level) {
    if (target.equals("stderr")) {
      plain = PlainLog.toStderr(level);
      return;
    }
    String problem = cannotAppend(new File(target).getAbsoluteFile());
    if (problem == null) {
      openFile(target, level);
    } else {
      plain = PlainLog.toStderr(level);
      warn(
          new Line("log-unusable")
              .add("log", target)
              .add("reason", problem)
              .add("using", "stderr"));
    }
  }

  private static void openFile(String file, String level) {
    Map<String, String> map = new HashMap<>();
    map.put("writer", "file");
    map.put("writer.file", file);
    map.put("writer.append", "true");
    map.put("writer.format", "{message}");
    map.put("level", level);
    // No shutdown hook and no further thread in somebody else's JVM.
    map.put("autoshutdown", "false");
    map.put("writingthread", "false");
    // Replaces what tinylog would else read from the host's tinylog.properties.
    try {
      Configuration.replace(map);
    } catch (LinkageError e) {
      plain = PlainLog.toFile(file, level);
    }
  }

  /** Closes the file, after the last line. */
  public static void close() {
    PlainLog current = plain;
    if (current != null) {
      current.close();
      return;
    }
    try {
      ProviderRegistry.getLoggingProvider().shutdown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String cannotAppend(File file) {
    File folder = file.getParentFile();
    if (file.isDirectory()) {
      return "it is a folder";
    }
    if (file.exists()) {
      return file.canWrite() ? null : "it may not be written";
    }
    if (folder == null || !folder.isDirectory()) {
      return "its folder does not exist";
    }
    return folder.canWrite() ? null : "its folder may not be written";
  }

  /** For whoever looks for a fault. */
  public static void debug(Line line) {
    write("debug", line);
  }

  /** Something changed. */
  public static void info(Line line) {
    write("info", line);
  }

  /** Something the user should look at. */
  public static void warn(Line line) {
    write("warn", line);
  }

  /** Something the user must cure. */
  public static void error(Line line) {
    write("error", line);
  }

  /**
   * Past tinylog's Logger, which has a formatter made of numbers and dates for arguments: that
   * loads the JDK's locale data, which the host would perhaps never use. Nothing here has an
   * argument.
   */
  private static void write(String level, Line line) {
    String text = head(level, line);
    PlainLog current = plain;
    if (current != null) {
      current.write(level, text);
    } else {
      Level tinylogs = Level.valueOf(level.toUpperCase(Locale.ROOT));
      ProviderRegistry.getLoggingProvider().log(2, null, tinylogs, null, null, text);
    }
  }

  /**
   * Returns the line with its time, level and agent before it. tinylog's date pattern would load
   * the JDK's locale data, 3 MiB that the host may never use.
   */
  private static String head(String level, Line line) {
    StringBuilder text = new StringBuilder(256).append("ts=");
    text.append(Timestamp.millis(System.currentTimeMillis()));
    return text.append(" level=").append(level).append(" agent=hb-agent ").append(line).toString();
  }
}
