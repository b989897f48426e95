package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Colours on a terminal, and nowhere else: {@code script} of util-linux gives us one. */
class AttachColoursXIT {

  private static final String ESCAPE = "\033[";

  @TempDir Path folder;

  @BeforeEach
  void thereIsATerminal() throws InterruptedException {
    String why = null;
    ProcessBuilder script = new ProcessBuilder("script", "-qec", "test -t 0 -a -t 1", "/dev/null");
    try (Forked forked = new Forked(script)) {
      why = forked.exit() == 0 ? null : String.join(" ", forked.err());
    } catch (IOException e) {
      why = e.getMessage();
    }
    assumeTrue(why == null, "script(1) gives no terminal here: " + why);
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

  /** Nor where only one of the two streams is the terminal, and it is the other that is used. */
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

  /** As one word for a shell, blanks and all. */
  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  /** What it writes to the terminal; {@code arguments} are read by a shell. */
  private static String terminal(Jdk jdk, String arguments, String... environment)
      throws Exception {
    List<String> command = new ArrayList<>(jdk.command());
    command.addAll(List.of("-jar", Jvm.AGENT.toString()));
    command.replaceAll(AttachColoursXIT::quoted);
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
