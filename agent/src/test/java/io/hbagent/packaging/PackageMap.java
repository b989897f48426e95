package io.hbagent.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table of packages in io.hbagent's package-info, parsed: the packages of hb-agent and of
 * others that each package may use.
 */
final class PackageMap {
  private static final Path SOURCE = Path.of("src/main/java/io/hbagent/package-info.java");
  private static final Pattern ROW =
      Pattern.compile(
          "<tr><td>([^<]*)</td>\\s*<td>[^<]*</td>\\s*<td>([^<]*)</td>\\s*<td>([^<]*)</td></tr>");
  static final String ROOT = "(root)";

  /** Packages of hb-agent that each package may use. */
  final Map<String, Set<String>> uses = new TreeMap<>();

  /** Prefixes of other packages that each package may use. */
  final Map<String, Set<String>> foreign = new TreeMap<>();

  static PackageMap read() throws IOException {
    PackageMap map = new PackageMap();
    String text = Files.readString(SOURCE).replaceAll("\\n \\*\\s*", " ");
    List<String> all = new ArrayList<>();
    Matcher row = ROW.matcher(text);
    while (row.find()) {
      map.uses.put(row.group(1), items(row.group(2)));
      map.foreign.put(row.group(1), items(row.group(3)));
    }
    map.uses.keySet().stream().filter(name -> !name.equals(ROOT)).forEach(all::add);
    for (Set<String> used : map.uses.values()) {
      if (used.remove("all")) {
        used.addAll(all);
      }
    }
    return map;
  }

  private static Set<String> items(String cell) {
    Set<String> items = new TreeSet<>(Arrays.asList(cell.trim().split("\\s*,\\s*", -1)));
    items.remove("");
    return items;
  }

  /**
   * Returns the packages that are left after repeatedly removing those that use none of the rest:
   * empty if there is no cycle.
   */
  Set<String> cycle() {
    Set<String> left = new TreeSet<>(uses.keySet());
    boolean smaller = true;
    while (smaller) {
      smaller = left.removeIf(name -> uses.get(name).stream().noneMatch(left::contains));
    }
    return left;
  }
}
