package io.hbagent.it;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the connections of {@code status --json}, each of which is one line. */
public final class StatusJson {

  private static final Pattern VALUE = Pattern.compile("\"([\\w-]+)\": (?:\"([^\"]*)\"|(-?\\d+))");

  private StatusJson() {}

  /** Returns the members of each connection by name. */
  public static List<Map<String, String>> connections(Cli status) {
    return status.lines().stream()
        .filter(line -> line.contains("\"remote\": ") && line.contains("\"fd\": "))
        .map(StatusJson::values)
        .toList();
  }

  private static Map<String, String> values(String line) {
    Map<String, String> values = new LinkedHashMap<>();
    Matcher matcher = VALUE.matcher(line);
    while (matcher.find()) {
      values.put(matcher.group(1), Objects.requireNonNullElse(matcher.group(2), matcher.group(3)));
    }
    return values;
  }
}
