package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The options {@code log}, {@code log-level} and {@code log-max-size}. */
class LogOptionsXIT {

  @TempDir Path folder;

  /** The failure is reported once, and lines go to standard error. */
  @TestFactory
  Stream<DynamicTest> fileThatCannotBeWritten() {
    return Jdk.each(
        jdk -> {
          for (Path log : List.of(folder, folder.resolve("missing").resolve("hb.log"))) {
            try (Session session = new Session(new Jvm(jdk).agent("idle=7,log=" + log))) {
              session.app().awaitErr(0, StartLine::isStart);
              List<String> err = session.app().err();
              assertTrue(err.get(0).contains(" event=log-unusable log=" + log), err.get(0));
              assertTrue(err.get(0).contains(" level=warn "), err.get(0));
              assertEquals(2, err.size(), session.app().describe("two lines"));
              assertEquals(
                  "keepalive=1 idle=7 intvl=5 cnt=3 user-timeout=0",
                  session.both("open one 127.0.0.1 0"));
              session.end();
            }
          }
        });
  }

  /** There are no NUL bytes after the file was truncated, as logrotate does with copytruncate. */
  @TestFactory
  Stream<DynamicTest> twoJvmsShareAFileWithoutLosingALine() {
    return Jdk.each(
        jdk -> {
          Path config = Text.write(folder.resolve("shared.properties"), "idle = 5");
          Path log = folder.resolve("shared-" + jdk.version() + ".log");
          String options = "config=" + config + ",log=" + log;
          try (Session first = new Session(new Jvm(jdk).agent(options));
              Session second = new Session(new Jvm(jdk).agent(options))) {
            awaitLines(first, log, "started", 2);
            Text.write(config, "idle = 6");
            awaitLines(first, log, "reloaded", 2);
            assertEquals(4, lines(log).size(), () -> "each line once: " + lines(log));
            FileChannel.open(log, StandardOpenOption.WRITE).truncate(0).close();
            Text.write(config, "idle = 7");
            awaitLines(first, log, "reloaded", 2);
            assertEquals(2, lines(log).size(), () -> "two whole lines: " + lines(log));
            first.end();
            second.end();
          }
        });
  }

  /** The file's existing content counts, and so does the JVM's first line. */
  @TestFactory
  Stream<DynamicTest> fileIsRolled() {
    return Jdk.each(
        jdk -> {
          Path log = folder.resolve("rolled-" + jdk.version() + ".log");
          String before = ("x".repeat(99) + "\n").repeat(102);
          Files.writeString(log, before);
          String options = "log-max-size=10k,log-backups=1,log=" + log;
          try (Session session = new Session(new Jvm(jdk).agent(options))) {
            awaitLines(session, log, "started", 1);
            assertEquals(1, lines(log).size());
            assertEquals(before, Files.readString(Path.of(log + ".1")));
            session.end();
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> stdoutIsAPipe() {
    return Jdk.each(
        jdk -> {
          try (Session session = new Session(new Jvm(jdk).agent("log=/dev/stdout"))) {
            session.app().awaitOut(0, StartLine::isStart);
            assertEquals(List.of(), session.app().err());
            session.end();
          }
        });
  }

  /** Lines wait for the reader of the FIFO; the agent's thread does not. */
  @TestFactory
  Stream<DynamicTest> fifoIsReadLater() {
    return Jdk.each(
        jdk -> {
          Path config = Text.write(folder.resolve("fifo.properties"), "idle = 5");
          Path fifo = fifo("late-" + jdk.version());
          String options = "config=" + config + ",log=" + fifo;
          try (Session session = new Session(new Jvm(jdk).agent(options))) {
            session.command("open one 127.0.0.1 0");
            Text.write(config, "idle = 6");
            Waiting.until(session.app(), () -> bothHave(" idle=6 ", session.command("read one")));
            try (Forked reader = new Forked(new ProcessBuilder("cat", fifo.toString()))) {
              reader.awaitOut(0, StartLine::isStart);
              reader.awaitOut(0, line -> line.contains(" event=reloaded idle=6s "));
              session.end();
            }
          }
        });
  }

  /**
   * Standard error is a full pipe that no one reads for a while. Rounds of the watchdog go on, the
   * status contains the reason, and no line is lost.
   */
  @TestFactory
  Stream<DynamicTest> watchdogDoesNotWaitForAFullPipe() {
    return Jdk.each(
        jdk -> {
          Path fifo = fifo("full-" + jdk.version());
          Jvm jvm = new Jvm(jdk).agent("watchdog=100ms").under(stderrTo(fifo));
          // Without it JDK 21 and newer block on the pipe themselves, to warn of each attach.
          jvm.option("-XX:+IgnoreUnrecognizedVMOptions").option("-XX:+EnableDynamicAgentLoading");
          try (RandomAccessFile pipe = new RandomAccessFile(fifo.toFile(), "rw")) {
            pipe.write(new byte[64 * 1024]); // the capacity of a pipe
            try (Session session = new Session(jvm)) {
              Cli status = awaitStatus(session, jdk, "\"log-problem\": \"a write has not returned");
              assertTrue(status.out().contains("\"log-dropped\": 0"), status::out);
              long rounds = rounds(status);
              Waiting.until(
                  session.app(), () -> rounds(awaitStatus(session, jdk, "rounds")) > rounds + 2);
              try (Forked reader = new Forked(new ProcessBuilder("cat", fifo.toString()))) {
                reader.awaitOut(0, line -> line.contains(" event=started "));
                Cli.run(jdk, "detach", "" + session.app().pid()).prints("detached");
                reader.awaitOut(0, line -> line.contains(" event=detached "));
                session.app().closeInput();
                session.app().exit();
              }
            }
          }
        });
  }

  private static Cli awaitStatus(Session session, Jdk jdk, String part) throws Exception {
    return Waiting.forValue(
        session.app(),
        () -> {
          Cli status = Cli.run(jdk, "status", "" + session.app().pid(), "--json");
          return status.out().contains(part) ? status : null;
        });
  }

  private static long rounds(Cli status) {
    Matcher matcher = Pattern.compile("\"rounds\": (\\d+)").matcher(status.out());
    status.check(matcher.find(), "rounds of the watchdog");
    return Long.parseLong(matcher.group(1));
  }

  /** Returns a command prefix that redirects standard error to this file. */
  private static List<String> stderrTo(Path file) {
    return List.of("sh", "-c", "exec \"$@\" 2>" + file, "sh");
  }

  private Path fifo(String name) throws Exception {
    Path fifo = folder.resolve(name);
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    return fifo;
  }

  private static void awaitLines(Session session, Path log, String event, int count)
      throws Exception {
    Waiting.forValue(
        session.app(),
        () ->
            lines(log).stream().filter(line -> line.contains(" event=" + event + " ")).count()
                    == count
                ? true
                : null);
  }

  /** Returns the lines of a log after checking that all are complete. */
  private static List<String> lines(Path log) {
    try {
      List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
      lines.forEach(line -> assertTrue(StartLine.isLog(line) || line.startsWith("xxx"), line));
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * At level warn the warning of user-timeout is logged and the start line is not; at off neither
   * is.
   */
  @TestFactory
  Stream<DynamicTest> level() throws Exception {
    Path file = Text.write(folder.resolve("level.properties"), "idle = 5", "user-timeout = 7");
    return Jdk.each(
        jdk -> {
          String options = "config=" + file + ",log-level=";
          try (Session session = new Session(new Jvm(jdk).agent(options + "warn"))) {
            session.app().awaitErr(0, line -> line.contains("does not read"));
            assertEquals(1, session.app().err().size(), session.app().describe("one line"));
            session.end();
          }
          Text.write(file, "idle = 5", "user-timeout = 7");
          try (Session session = new Session(new Jvm(jdk).agent(options + "off"))) {
            session.both("open one 127.0.0.1 0");
            // A reload comes after the start line.
            Text.write(file, "idle = 6", "user-timeout = 7");
            Waiting.until(session.app(), () -> bothHave(" idle=6 ", session.command("read one")));
            assertEquals(List.of(), session.app().err(), session.app().describe("no line"));
            session.end();
          }
        });
  }

  /** Returns whether both ends have the option; during a reload one end may have it already. */
  private static boolean bothHave(String option, List<ProbeRun.Line> ends) {
    return ends.size() == 2 && ends.stream().allMatch(end -> end.options().contains(option));
  }
}
