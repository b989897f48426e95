package io.hbagent.log;

import java.io.File;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.tinylog.Logger;
import org.tinylog.configuration.Configuration;
import org.tinylog.provider.ProviderRegistry;

/**
 * Where the agent's lines go. Only for the agent's own threads: the first line costs tinylog some
 * 70 ms, and every line may block.
 */
public final class Log {

  /** Takes the lines where tinylog cannot; null where it can. */
  private static volatile PlainLog plain;

  private Log() {}

  /**
   * Sets it up, once, before the first line.
   *
   * @param target {@code stderr} or a file, which is appended to
   * @param level debug, info, warn, error or off
   */
  public static void configure(String target, String level) {
    Map<String, String> map = new HashMap<>();
    String problem = null;
    boolean stderr = target.equals("stderr");
    if (!stderr) {
      problem = cannotAppend(new File(target).getAbsoluteFile());
    }
    if (stderr || problem != null) {
      map.put("writer", "console");
      map.put("writer.stream", "err");
    } else {
      map.put("writer", "file");
      map.put("writer.file", target);
      map.put("writer.append", "true");
    }
    map.put("writer.format", "{message}");
    map.put("level", level);
    // No shutdown hook and no further thread in somebody else's JVM.
    map.put("autoshutdown", "false");
    map.put("writingthread", "false");
    // Replaces what tinylog would else read from the host's tinylog.properties.
    try {
      Configuration.replace(map);
    } catch (LinkageError e) {
      plain = PlainLog.open(map.get("writer.file"), level);
    }
    if (problem != null) {
      warn(
          new Line("log-unusable")
              .add("log", target)
              .add("reason", problem)
              .add("using", "stderr"));
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
    String text = head("debug", line);
    if (!writesPlain("debug", text)) {
      Logger.debug((Object) text);
    }
  }

  /** Something changed. */
  public static void info(Line line) {
    String text = head("info", line);
    if (!writesPlain("info", text)) {
      Logger.info((Object) text);
    }
  }

  /** Something the user should look at. */
  public static void warn(Line line) {
    String text = head("warn", line);
    if (!writesPlain("warn", text)) {
      Logger.warn((Object) text);
    }
  }

  /** Something the user must cure. */
  public static void error(Line line) {
    String text = head("error", line);
    if (!writesPlain("error", text)) {
      Logger.error((Object) text);
    }
  }

  private static boolean writesPlain(String level, String text) {
    PlainLog current = plain;
    if (current == null) {
      return false;
    }
    current.write(level, text);
    return true;
  }

  /**
   * Time in UTC, level and agent before the line. Put together here: tinylog's date pattern loads
   * the JDK's locale data, which costs the host 3 MiB it would perhaps never use.
   */
  private static String head(String level, Line line) {
    long millis = System.currentTimeMillis();
    int nanos = (int) (millis % 1000) * 1_000_000;
    LocalDateTime now = LocalDateTime.ofEpochSecond(millis / 1000, nanos, ZoneOffset.UTC);
    StringBuilder text = new StringBuilder(256).append("ts=").append(now);
    while (text.length() < "ts=2026-01-01T00:00:00.000".length()) {
      text.append(text.length() == "ts=2026-01-01T00:00:00".length() ? '.' : '0');
    }
    return text.append("Z level=").append(level).append(" agent=hb-agent ").append(line).toString();
  }
}
