package io.hbagent.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * Reads a properties file in UTF-8 with the line of every key.
 *
 * <p>{@link Properties} parses it, so escapes, separators and continued lines are Java's, but it
 * does not keep lines: so one is given an entry at a time. Size and line length are limited,
 * because the file is read before the application's main and in its heap.
 */
final class PropertiesFile {

  private static final int MAX_BYTES = 1 << 20;

  /** Editors on Windows write it first; it would be an invisible part of the first key. */
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private PropertiesFile() {}

  /** Returns the entries by key, in their order. */
  static Map<String, Entry> read(File file) throws BadOption {
    Map<String, Entry> entries = new LinkedHashMap<>();
    try {
      InputStream bytes = new ByteArrayInputStream(bytes(file));
      parse(new BufferedReader(new InputStreamReader(bytes, UTF_8.newDecoder())), file, entries);
    } catch (IOException e) {
      String problem = "config=" + file + " cannot be read (" + reason(e);
      throw new BadOption(problem + "); give a readable file in UTF-8");
    }
    return entries;
  }

  private static String reason(IOException e) {
    if (e instanceof CharacterCodingException) {
      return "it is not UTF-8";
    }
    // FileInputStream's message is the path and the system's reason in parentheses.
    String message = String.valueOf(e.getMessage());
    int reason = message.lastIndexOf('(');
    return message.endsWith(")") && reason >= 0
        ? message.substring(reason + 1, message.length() - 1)
        : message;
  }

  private static void parse(BufferedReader in, File file, Map<String, Entry> entries)
      throws BadOption, IOException {
    Properties parser = new Properties();
    StringBuilder text = new StringBuilder();
    int number = 0;
    int first = 0;
    String line;
    while ((line = in.readLine()) != null) {
      number++;
      if (number == 1 && line.startsWith(BYTE_ORDER_MARK)) {
        line = line.substring(1);
      }
      if (text.length() == 0) {
        if (isBlankOrComment(line)) {
          continue;
        }
        first = number;
      }
      text.append(line).append('\n');
      int length = text.length() - 1;
      if (length > OptionText.MAX_LENGTH) {
        String place = file + " line " + number;
        String more = isContinued(line) ? " or more" : "";
        throw OptionText.tooLong(text.substring(0, length), place, more);
      }
      if (!isContinued(line)) {
        entry(parser, text.toString(), file + " line " + first).addTo(entries);
        text.setLength(0);
      }
    }
    if (text.length() > 0) {
      entry(parser, text.toString(), file + " line " + first).addTo(entries);
    }
  }

  private static Entry entry(Properties parser, String text, String place)
      throws BadOption, IOException {
    parser.clear();
    try {
      parser.load(new StringReader(text));
    } catch (IllegalArgumentException e) {
      String problem = " has a \\u without four hexadecimal digits; write \\\\ for a backslash";
      throw new BadOption(place + problem);
    }
    for (Map.Entry<Object, Object> only : parser.entrySet()) {
      return new Entry((String) only.getKey(), ((String) only.getValue()).trim(), place);
    }
    return new Entry("", "", place); // nothing but backslashes that continue the line
  }

  /**
   * Returns the contents; not by their size, which may be wrong or change while it is read. Without
   * {@code java.nio.file}, see {@link FileWatch}.
   */
  private static byte[] bytes(File file) throws BadOption, IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try (InputStream in = new FileInputStream(file)) {
      int count;
      while ((count = in.read(buffer)) > 0) {
        bytes.write(buffer, 0, count);
        if (bytes.size() > MAX_BYTES) {
          long size = Math.max(file.length(), bytes.size()); // a special file has none
          String tooLarge = "config=" + file + " is too large (" + size;
          throw new BadOption(tooLarge + " bytes); allowed is 1 MiB; give a smaller file");
        }
      }
    }
    return bytes.toByteArray();
  }

  /**
   * White space is that of {@link Properties}, not of {@code String.trim}, which takes a file of
   * NUL bytes, as a crash can leave it, for an empty one.
   */
  private static boolean isBlankOrComment(String line) {
    int from = 0;
    while (from < line.length() && " \t\f".indexOf(line.charAt(from)) >= 0) {
      from++;
    }
    return from == line.length() || line.charAt(from) == '#' || line.charAt(from) == '!';
  }

  private static boolean isContinued(String line) {
    int backslashes = 0;
    while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }
}
