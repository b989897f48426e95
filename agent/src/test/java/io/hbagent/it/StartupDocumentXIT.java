package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of docs/startup.md print what it shows, on the JDKs that stand above each block. An
 * ellipsis there is any text, several blanks are as one, and {@code &} leaves a JVM running to the
 * end of the block.
 */
class StartupDocumentXIT {

  private static final Path DOCUMENT = Path.of("../docs/startup.md");

  /** A block for the JDKs from one on, or from one to another. */
  private static final Pattern BLOCK =
      Pattern.compile("<!-- JDK (\\d+) to (\\d+|newest) -->\n```\n(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  /** Runs the blocks for a JDK in their order, in one folder. */
  @TestFactory
  Stream<DynamicTest> commandsPrintWhatIsShown() throws IOException {
    List<MatchResult> blocks =
        BLOCK.matcher(Files.readString(DOCUMENT)).results().collect(Collectors.toList());
    assertTrue(blocks.size() >= 8, "the blocks are found");
    return Jdk.each(
        jdk -> jdk.version() >= 13,
        jdk -> {
          Path own = Files.createDirectory(folder.resolve("jdk" + jdk.version()));
          Files.copy(Jvm.AGENT, own.resolve("hb-agent.jar"));
          Files.copy(AttachTargetApp.jar(), own.resolve("app.jar"));
          for (MatchResult block : blocks) {
            boolean newest = block.group(2).equals("newest");
            if (jdk.version() >= Integer.parseInt(block.group(1))
                && (newest || jdk.version() <= Integer.parseInt(block.group(2)))) {
              run(jdk, own, block.group(3));
            }
          }
        });
  }

  private static void run(Jdk jdk, Path folder, String block) throws Exception {
    Forked background = null;
    try {
      for (String step : block.split("(?m)^\\$ ", 0)) {
        List<String> lines = step.lines().toList();
        if (lines.isEmpty()) {
          continue; // before the first command
        }
        List<String> shown = lines.subList(1, lines.size());
        String command = lines.get(0);
        if (command.endsWith(" &")) {
          background = start(jdk, folder, command.replace(" &", ""));
          background.awaitOut(0, line -> line.startsWith("port="));
        } else {
          String pid = background == null ? "" : String.valueOf(background.pid());
          try (Forked forked = start(jdk, folder, command.replace("PID", pid))) {
            check(forked, shown, pid);
          }
        }
      }
    } finally {
      if (background != null) {
        background.close();
      }
    }
  }

  private static Forked start(Jdk jdk, Path folder, String command) throws IOException {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.set(0, words.get(0).replaceFirst("^java$", jdk.java()));
    ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
    List<String> options = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "HB_AGENT_OPTIONS");
    builder.environment().keySet().removeAll(options);
    return new Forked(builder);
  }

  /** Ends the application once the agent has logged what is shown of it, and compares the rest. */
  private static void check(Forked forked, List<String> shown, String pid) throws Exception {
    for (String line : shown) {
      if (line.startsWith("ts=")) {
        forked.awaitErr(0, matches(line, pid));
      }
    }
    forked.closeInput();
    int code = forked.exit();
    int wanted = 0;
    List<String> printed = new ArrayList<>(forked.out());
    printed.addAll(forked.err());
    for (String line : shown) {
      if (line.startsWith("(exit ")) {
        wanted = Integer.parseInt(line.replaceAll("\\D", ""));
      } else {
        assertTrue(
            line.isEmpty() || printed.stream().anyMatch(matches(line, pid)),
            () -> forked.describe("does not print: " + line));
      }
    }
    assertTrue(code == wanted, forked.describe("does not end with " + wanted));
  }

  private static Predicate<String> matches(String line, String pid) {
    String regex =
        Stream.of(oneBlank(line.replace("4711", pid)).split("…", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return printed -> oneBlank(printed).matches(regex);
  }

  private static String oneBlank(String line) {
    return line.replaceAll(" +", " ");
  }
}
