package io.hbagent.config;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Reads a properties file and remembers the line of every key, which {@link Properties} forgets.
 *
 * <p>Lines are put together here (a backslash at the end goes on in the next line); what stands in
 * one is read by {@link Properties}, so escapes and separators are Java's. UTF-8.
 */
final class PropertiesFile {

  /** Editors of Windows put it first; it would be an invisible part of the first key. */
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private PropertiesFile() {}

  static List<Entry> read(File file) throws BadOption {
    List<Entry> entries = new ArrayList<>();
    // Not java.nio.file, see FileWatch.
    try (FileInputStream bytes = new FileInputStream(file);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()))) {
      int number = 0;
      String line;
      while ((line = in.readLine()) != null) {
        if (number++ == 0 && line.startsWith(BYTE_ORDER_MARK)) {
          line = line.substring(1);
        }
        int first = number;
        StringBuilder logical = new StringBuilder(line);
        while (!isComment(line) && goesOn(logical) && (line = in.readLine()) != null) {
          number++;
          logical.append('\n').append(line);
        }
        add(entries, logical.toString(), file + " line " + first);
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

  private static void add(List<Entry> entries, String line, String origin)
      throws BadOption, IOException {
    Properties one = new Properties();
    one.load(new StringReader(line));
    for (Map.Entry<Object, Object> entry : one.entrySet()) {
      String value = ((String) entry.getValue()).trim();
      OptionText.addOnce(entries, new Entry((String) entry.getKey(), value, origin));
    }
  }

  private static boolean isComment(String line) {
    String text = line.trim();
    return text.startsWith("#") || text.startsWith("!");
  }

  private static boolean goesOn(CharSequence line) {
    int backslashes = 0;
    while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }
}
