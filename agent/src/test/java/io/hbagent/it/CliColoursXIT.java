package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * ANSI colours of the command line: on a terminal, which {@code script} of util-linux provides, and
 * nowhere else.
 */
class CliColoursXIT {

  private static final String ESCAPE = "\033[";

  @TempDir Path folder;

  @BeforeEach
  void requireTerminal() throws InterruptedException {
    Forked.assumeRuns(
        List.of("script", "-qec", "test -t 0 -a -t 1", "/dev/null"),
        "script(1) gives no terminal here");
  }

  @TestFactory
  Stream<DynamicTest> onATerminal() {
    return Jdk.each(
        jdk -> {
          assertTrue(terminal(jdk, "--help").contains(ESCAPE), "help");
          assertTrue(terminal(jdk, "attach").contains(ESCAPE), "usage after an error");
          assertTrue(terminal(jdk, "").contains(ESCAPE), "usage without a command");
        });
  }

  @TestFactory
  Stream<DynamicTest> notWithNoColor() {
    return Jdk.each(
        jdk -> {
          for (String arguments : List.of("--help", "attach", "")) {
            String text = terminal(jdk, arguments, "NO_COLOR=1");
            assertTrue(text.contains("Usage: hb-agent"), text);
            assertFalse(text.contains(ESCAPE), text);
          }
        });
  }

  /** Also none where one of the two streams is a terminal and the other one is written to. */
  @TestFactory
  Stream<DynamicTest> notInAFile() {
    return Jdk.each(
        jdk -> {
          Path file = folder.resolve("captured here");
          for (String arguments :
              List.of("--help > ", "attach 2> ", "2> ", "atach 1 2> ", "attach 1 idel=5 2> ")) {
            assertFalse(
                terminal(jdk, arguments + quoted(file.toString())).contains(ESCAPE), arguments);
            String text = Files.readString(file);
            assertFalse(text.isEmpty(), arguments);
            assertFalse(text.contains(ESCAPE), arguments + ": " + text);
          }
          Cli help = Cli.run(jdk, "attach", "--help").prints("Usage: hb-agent attach");
          assertEquals(-1, help.out().indexOf(ESCAPE));
        });
  }

  /** Returns the word quoted for a shell. */
  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  /** Returns what the command writes to a terminal; {@code arguments} are parsed by a shell. */
  private static String terminal(Jdk jdk, String arguments, String... environment)
      throws Exception {
    List<String> command = new ArrayList<>(jdk.command());
    command.addAll(List.of("-jar", Jvm.AGENT.toString()));
    command.replaceAll(CliColoursXIT::quoted);
    String words =
        String.join(" ", environment) + " " + String.join(" ", command) + " " + arguments;
    ProcessBuilder builder = new ProcessBuilder("script", "-qec", words, "/dev/null");
    builder.environment().remove("NO_COLOR");
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().put("TERM", "xterm");
    try (Forked forked = new Forked(builder)) {
      forked.exit();
      return String.join("\n", forked.out());
    }
  }
}
