package io.hbagent.config;

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
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * Reads a properties file with the line of every key.
 *
 * <p>{@link Properties} parses it, so escapes, separators and continued lines are Java's, but does
 * not keep lines: so each key is given to it with the number of its line before it. UTF-8. Size and
 * line length are limited, because the file is read before the application's main and in its heap.
 */
final class PropertiesFile {

  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_LINE = 1 << 16;

  /** Editors on Windows write it first; it would be an invisible part of the first key. */
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** Between the number of a line and its key; ends no key. */
  private static final char NUMBER_END = '/';

  private PropertiesFile() {}

  /** Returns the entries by key, in their order. */
  static Map<String, Entry> read(File file) throws BadOption {
    Map<String, Entry> entries = new LinkedHashMap<>();
    try {
      for (Entry each : parse(file)) {
        if (each != null) {
          each.addTo(entries);
        }
      }
    } catch (IOException e) {
      throw new BadOption(
          "config="
              + file
              + " cannot be read ("
              + reason(file, e)
              + "); give a readable file in UTF-8");
    }
    return entries;
  }

  private static String reason(File file, IOException e) {
    if (!file.exists()) {
      return "it does not exist";
    }
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

  /** Returns the entries by the number of their line, null for a line without one. */
  private static Entry[] parse(File file) throws BadOption, IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new ByteArrayInputStream(bytes(file)), StandardCharsets.UTF_8.newDecoder()));
    StringBuilder text = new StringBuilder();
    int start = 0;
    int number = 0;
    boolean continued = false;
    String line;
    while ((line = in.readLine()) != null) {
      if (number++ == 0 && line.startsWith(BYTE_ORDER_MARK)) {
        line = line.substring(1);
      }
      int from = indent(line);
      if (continued) {
        text.append(line).append('\n');
      } else if (from < line.length() && line.charAt(from) != '#' && line.charAt(from) != '!') {
        start = text.length();
        text.append(number).append(NUMBER_END);
        text.append(line, from, line.length()).append('\n');
      } else {
        continue;
      }
      continued = isContinued(line);
      if (text.length() - start > MAX_LINE) {
        throw new BadOption(
            file + " line " + number + " is too long; allowed are " + MAX_LINE + " characters");
      }
    }
    Properties all = new Properties();
    try {
      all.load(new StringReader(text.toString()));
    } catch (IllegalArgumentException e) {
      throw new BadOption(
          file
              + " line "
              + lineOfBadEscape(text.toString())
              + " has a \\u without four hexadecimal digits; write \\\\ for a backslash");
    }
    Entry[] byLine = new Entry[number + 1];
    for (Map.Entry<Object, Object> each : all.entrySet()) {
      String key = (String) each.getKey();
      int end = key.indexOf(NUMBER_END);
      int at = Integer.parseInt(key.substring(0, end));
      String value = ((String) each.getValue()).trim();
      byLine[at] = new Entry(key.substring(end + 1), value, file.getPath(), at);
    }
    return byLine;
  }

  /** Returns the number of the first line with a backslash and u that no four digits follow. */
  private static int lineOfBadEscape(String numbered) {
    int number = 0;
    boolean continued = false;
    for (String line : numbered.split("\n", 0)) {
      number =
          continued ? number + 1 : Integer.parseInt(line.substring(0, line.indexOf(NUMBER_END)));
      for (int i = line.indexOf('\\'); i >= 0; i = line.indexOf('\\', i + 2)) {
        if (line.startsWith("u", i + 1) && !isHexadecimal(line, i + 2)) {
          return number;
        }
      }
      continued = isContinued(line);
    }
    return number;
  }

  private static boolean isHexadecimal(String line, int from) {
    int to = from;
    while (to < line.length() && to < from + 4 && Character.digit(line.charAt(to), 16) >= 0) {
      to++;
    }
    return to == from + 4;
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
          throw new BadOption("config=" + file + " is too large; allowed is 1 MiB");
        }
      }
    }
    return bytes.toByteArray();
  }

  /**
   * Returns the length of the white space a line begins with: that of {@link Properties}, not of
   * {@code String.trim}, which takes a file of NUL bytes, as a crash can leave it, for an empty
   * one.
   */
  private static int indent(String line) {
    int from = 0;
    while (from < line.length() && " \t\f".indexOf(line.charAt(from)) >= 0) {
      from++;
    }
    return from;
  }

  private static boolean isContinued(String line) {
    int backslashes = 0;
    while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }
}
