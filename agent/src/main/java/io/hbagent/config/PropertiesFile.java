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
    } catch (IOException | IllegalArgumentException e) {
      throw new BadOption(
          "config="
              + file
              + " cannot be read ("
              + (file.exists() ? e.getClass().getSimpleName() : "it does not exist")
              + "); give a readable file in UTF-8");
    }
    return entries;
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
    all.load(new StringReader(text.toString()));
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
