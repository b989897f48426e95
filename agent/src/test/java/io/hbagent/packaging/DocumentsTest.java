package io.hbagent.packaging;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every file, command and link that a document names exists. */
class DocumentsTest {
  private static final Path ROOT = Path.of("..");

  /** A path in this repository, as code in a line or at the start of a command in a block. */
  private static final Pattern PATH =
      Pattern.compile("(?m)(?:`|^\\s*(?:\\$ |bash )?)((?:agent|testapp|docs|\\.ci)/[\\w./-]*\\w)");

  private static final Pattern LINK = Pattern.compile("]\\((?!\\w+:|#)([^)#]+)");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/agents.md",
        "docs/half-open.md",
        "docs/attach.md",
        "docs/compare.md",
        "docs/diagnosis.md",
        "docs/libraries.md",
        "docs/performance.md",
        "docs/startup.md"
      })
  void namesOnlyWhatExists(String name) throws IOException {
    Path document = ROOT.resolve(name);
    String text = Files.readString(document);
    for (Pattern pattern : new Pattern[] {PATH, LINK}) {
      Matcher matcher = pattern.matcher(text);
      while (matcher.find()) {
        String path = matcher.group(1);
        boolean built = path.contains("target/");
        Path base = pattern == LINK ? document.getParent() : ROOT;
        assertTrue(built || Files.exists(base.resolve(path)), name + " names " + path);
      }
    }
  }

  /** The commands that the README names. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "testapp/demo",
        ".ci/run",
        "agent/src/bench/startup",
        "agent/src/bench/archive",
        "agent/src/bench/connection",
        "agent/src/bench/round"
      })
  void commandIsThereAndExecutable(String command) {
    Path path = ROOT.resolve(command);
    assertTrue(Files.isExecutable(path), command);
  }
}
