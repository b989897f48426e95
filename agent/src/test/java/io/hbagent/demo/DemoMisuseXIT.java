package io.hbagent.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hbagent.demo.Demo.Run;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code testapp/demo} on a machine that lacks something, misused, and ended halfway. */
class DemoMisuseXIT {
  private static final int SECONDS = 300;

  @TempDir Path folder;

  @BeforeEach
  void once() {
    Demo.onceOnly();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--help                       | 0 | Usage: testapp/demo.*",
        "compare --help               | 0 | Usage: testapp/demo.*",
        "comapre                      | 2 | testapp/demo: unknown argument comapre",
        "compare --wirte              | 2 | testapp/demo: unknown argument --wirte",
        "compare --write=             | 2 | testapp/demo: unknown argument --write=",
        "compare --idle               | 2 | testapp/demo: --idle wants .* from 1 to 10, not ..",
        "compare --idle 11            | 2 | testapp/demo: --idle wants .* from 1 to 10, not 11",
        "compare --intvl=0            | 2 | testapp/demo: --intvl wants .* from 1 to 5, not 0",
        "compare --cnt=-1             | 2 | testapp/demo: --cnt wants .* from 1 to 9, not -1",
      })
  void argumentsAreUnderstoodOrRefused(String arguments, int exit, String line) throws Exception {
    Run run = run("", arguments.split(" "));
    assertEquals(exit, run.exit(), run::output);
    run.line(line);
    assertTrue(run.widest() <= 80, run::output);
  }

  /** The number of lines in docs/compare.md is that of the present code. */
  @Test
  void linesOfCodeAreThoseOfThePage() throws Exception {
    Run run = run("", "compare", "--lines");
    assertEquals(0, run.exit(), run::output);
    Matcher sums = run.line("pingpong (\\d+), heartbeat (\\d+); lines .*");
    String page = Files.readString(Path.of("../docs/compare.md"));
    for (String line : page.lines().filter(line -> line.matches("\\| .*\\d \\|")).toList()) {
      String expected =
          line.contains("pingpong")
              ? sums.group(1)
              : line.contains("heartbeat") ? sums.group(2) : "0";
      assertTrue(line.endsWith("| " + expected + " |"), () -> line + ": not " + expected);
    }
  }

  @Test
  void whatIsMissingAndCannotBeInstalledIsSaid() throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    for (String directory : List.of("/usr/bin", "/bin")) {
      try (Stream<Path> files = Files.list(Path.of(directory))) {
        for (Path file : files.toList()) {
          Path link = bin.resolve(file.getFileName());
          if (!List.of("mvn", "apt-get").contains(file.getFileName().toString())
              && !Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(link, file);
          }
        }
      }
    }
    Run run = run(bin.toString());
    assertEquals(1, run.exit(), run::output);
    run.line("testapp/demo: please install Maven \\(3.8 or newer\\) and run this again .*");
  }

  @Test
  void withoutNamespacesCompareSaysSo() throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path unshare = Files.writeString(bin.resolve("unshare"), "#!/bin/sh\nexit 1\n");
    Files.setPosixFilePermissions(unshare, PosixFilePermissions.fromString("rwxr-xr-x"));
    Run run = run(bin + ":", "compare");
    assertEquals(Demo.NO_NAMESPACES, run.exit(), run::output);
    run.line("testapp/demo compare is not possible: .*");
  }

  /** SIGTERM, which has the same trap as Ctrl-C. */
  @Test
  void endedHalfwayItLeavesNothingBehind() throws Exception {
    try (Demo demo = Demo.start(folder, "", "compare")) {
      boolean counting = demo.prints("Counting the bytes", SECONDS);
      assumeTrue(counting || demo.process.exitValue() != Demo.NO_NAMESPACES, "no namespaces here");
      assertTrue(counting, () -> "ended: " + demo.process);
      assertTrue(ours().size() > 12, () -> "six pairs run: " + ours());
      demo.process.destroy();
      assertEquals(143, demo.ends(SECONDS).exit());
    }
    long ended = System.nanoTime();
    while (!ours().isEmpty()) {
      assertTrue(System.nanoTime() - ended < TimeUnit.SECONDS.toNanos(60), () -> "left: " + ours());
      Thread.sleep(50);
    }
    assertEquals(0, new File(folder.toFile(), "tmp").list().length);
  }

  /** Processes that the demo of this test has started, in whatever namespace. */
  private List<String> ours() {
    String mark = "TMPDIR=" + folder.resolve("tmp");
    return ProcessHandle.allProcesses()
        .filter(process -> environment(process).contains(mark))
        .map(process -> process.pid() + " " + process.info().command().orElse("?"))
        .toList();
  }

  private static String environment(ProcessHandle process) {
    try {
      return Files.readString(
          Path.of("/proc/" + process.pid() + "/environ"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // another user's, or gone
    }
  }

  private Run run(String path, String... arguments) throws Exception {
    try (Demo demo = Demo.start(folder, path, arguments)) {
      return demo.ends(SECONDS);
    }
  }
}
