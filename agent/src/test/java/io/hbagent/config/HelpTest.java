package io.hbagent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table of options where users read it. */
class HelpTest {
  private static final Path README = Path.of("../README.md");

  @Test
  void namesEveryKeyWithinEightyColumns() {
    for (Key key : Key.values()) {
      assertTrue(Help.text().contains("\n  " + key.text + " "), key.text);
    }
    for (String line : Help.text().split("\n", -1)) {
      assertTrue(line.length() <= 80, line);
    }
  }

  /** The table tells which keys are for the file alone, and which are not for it. */
  @Test
  void keysOfOneSourceAreMarked() {
    for (Key key : Key.values()) {
      boolean file = key.scope == Key.Scope.FILE || key.scope == Key.Scope.RULE;
      String row = row(key);
      assertEquals(file, row.endsWith(" (in the properties file only) |"), row);
      assertEquals(
          key.scope == Key.Scope.ARGUMENTS, row.endsWith(" (not in the properties file) |"), row);
    }
    String text = Help.text().replaceAll("\\s+", " ");
    assertTrue(text.contains("first that matches holds (in the properties file only) "), text);
  }

  private static String row(Key key) {
    return Help.markdown()
        .lines()
        .filter(line -> line.startsWith("| `" + key.text + "` "))
        .findFirst()
        .orElseThrow();
  }

  /** To write the table anew: {@code mvn test -Dtest=HelpTest -Dreadme.write=true}. */
  @Test
  void readmeHasTheTable() throws Exception {
    String begin = "<!-- options: written by HelpTest from config.Key -->\n";
    String end = "<!-- end of options -->";
    String readme = Files.readString(README);
    int from = readme.indexOf(begin) + begin.length();
    int to = readme.indexOf(end);
    assertTrue(from >= begin.length() && to >= from, "README.md has lost the marks of its table");
    if (Boolean.getBoolean("readme.write")) {
      Files.writeString(README, readme.substring(0, from) + Help.markdown() + readme.substring(to));
      return;
    }
    assertEquals(Help.markdown(), readme.substring(from, to));
  }
}
