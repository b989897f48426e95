package io.hbagent.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Log files that others write, truncate, rename or read as well. */
@Timeout(60)
class LogFileTest {

  private static final int PIPE_BYTES = 64 * 1024;

  @TempDir Path folder;

  private Path path(String name) {
    return folder.resolve(name);
  }

  private static LogFile open(Path path) {
    return new LogFile(path.toString(), 0, 5);
  }

  private Path fifo() throws Exception {
    Path fifo = path("fifo");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    return fifo;
  }

  @Test
  void appendsToWhatIsThere() throws IOException {
    Path path = Files.writeString(path("hb.log"), "before\n");
    open(path).write("after Ä");
    assertEquals(List.of("before", "after Ä"), Files.readAllLines(path));
  }

  @Test
  void twoWritersShareAFile() throws IOException {
    LogFile first = open(path("hb.log"));
    LogFile second = open(path("hb.log"));
    for (int i = 0; i < 3; i++) {
      first.write("first " + i);
      second.write("second " + i);
    }
    assertEquals(
        List.of("first 0", "second 0", "first 1", "second 1", "first 2", "second 2"),
        Files.readAllLines(path("hb.log")));
  }

  /** As where the process had no file descriptor left at the first line. */
  @Test
  void fileThatCannotBeOpenedAtFirstIsTriedAgain() throws IOException {
    Path path = path("missing").resolve("hb.log");
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    LogFile file = open(path);
    System.setErr(new PrintStream(printed, true));
    try {
      file.write("first");
      file.write("second");
    } finally {
      System.setErr(err);
    }
    List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
    assertTrue(lines.get(0).contains(" event=log-unusable log=" + path), lines::toString);
    assertEquals(List.of("first", "second"), lines.subList(1, lines.size()));
    Files.createDirectories(path("missing"));
    file.write("third");
    assertEquals(List.of("third"), Files.readAllLines(path));
  }

  /** As logrotate does with copytruncate, and with its default, create. */
  @Test
  void othersMayTruncateRenameAndDelete() throws IOException {
    Path path = path("hb.log");
    LogFile file = open(path);
    file.write("a rather long first line");
    FileChannel.open(path, StandardOpenOption.WRITE).truncate(0).close();
    file.write("second");
    assertEquals("second\n", Files.readString(path));
    Files.move(path, path("hb.log.1"));
    file.write("third");
    assertEquals("third\n", Files.readString(path));
    Files.delete(path);
    file.write("fourth");
    assertEquals("fourth\n", Files.readString(path));
  }

  @Test
  void rollsBeforeTheFileIsTooLargeAndKeepsTheBackups() throws IOException {
    Path path = path("hb.log");
    LogFile file = new LogFile(path.toString(), 100, 2);
    for (int i = 0; i < 10; i++) {
      file.write(i + "x".repeat(39)); // with its end 41 bytes: two lines a file
    }
    assertEquals(lines(8, 9), Files.readAllLines(path));
    assertEquals(lines(6, 7), Files.readAllLines(path("hb.log.1")));
    assertEquals(lines(4, 5), Files.readAllLines(path("hb.log.2")));
    try (var all = Files.list(folder)) {
      assertEquals(3, all.count());
    }
  }

  private static List<String> lines(int... numbers) {
    List<String> lines = new ArrayList<>();
    for (int number : numbers) {
      lines.add(number + "x".repeat(39));
    }
    return lines;
  }

  /** Written on, since a lost line is worse than a large file, and said once. */
  @Test
  void saysOnceThatAFileCannotBeRolled() throws IOException {
    Path path = path("hb.log");
    Files.createDirectories(path("hb.log.1").resolve("occupied"));
    LogFile file = new LogFile(path.toString(), 50, 1);
    for (int i = 0; i < 4; i++) {
      file.write(i + "x".repeat(39));
    }
    List<String> lines = Files.readAllLines(path);
    assertEquals(5, lines.size());
    assertTrue(lines.get(1).contains(" event=log-not-rolled log=" + path), lines.get(1));
  }

  /** Every line is in some file, as long as there are backups enough. */
  @Test
  void twoWritersRollOneFile() throws Exception {
    Path path = path("hb.log");
    int each = 400;
    List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
    List<Thread> writers = new ArrayList<>();
    for (String name : List.of("first", "second")) {
      LogFile file = new LogFile(path.toString(), 10_000, 100);
      Thread writer =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < each; i++) {
                    synchronized (writers) { // two that roll in one instant can lose a backup
                      file.write(name + " " + i + " " + "x".repeat(100));
                    }
                    Thread.sleep(i % 10 == 0 ? 1 : 0);
                  }
                } catch (IOException | InterruptedException e) {
                  thrown.add(e);
                }
              });
      writers.add(writer);
      writer.start();
    }
    for (Thread writer : writers) {
      writer.join();
    }
    assertEquals(List.of(), thrown);
    List<String> all = new ArrayList<>();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        all.addAll(Files.readAllLines(file));
      }
    }
    assertEquals(2L * each, all.stream().distinct().count(), () -> all.size() + " lines");
  }

  @Test
  void fifoMayHaveItsReaderLateAndLoseIt() throws Exception {
    Path fifo = fifo();
    LogWriter writer = new LogWriter(open(fifo), 10);
    writer.add("first");
    writer.add("second");
    try (BufferedReader reader = Files.newBufferedReader(fifo)) {
      assertEquals("first", reader.readLine());
      assertEquals("second", reader.readLine());
      writer.add("third");
      assertEquals("third", reader.readLine(), "it was not closed in between");
    }
    writer.add("fourth");
    while (writer.problem() == null) {
      Thread.sleep(5); // a broken pipe, or one that waits for its reader
    }
    try (BufferedReader reader = Files.newBufferedReader(fifo)) {
      String line = reader.readLine();
      assertEquals("fourth", line.isEmpty() ? reader.readLine() : line);
    }
    writer.close(10_000);
    assertEquals(0, writer.dropped());
  }

  /** A full FIFO: nothing waits for it but the log's thread. */
  @Test
  void fullFifoDropsTheNewestAndSaysHowMany() throws Exception {
    Path fifo = fifo();
    try (RandomAccessFile held = new RandomAccessFile(fifo.toFile(), "rw")) {
      held.write(
          ("x".repeat(1023) + "\n").repeat(PIPE_BYTES / 1024).getBytes(StandardCharsets.US_ASCII));
      LogWriter writer = new LogWriter(open(fifo), 10);
      long before = System.nanoTime();
      for (int i = 0; i < LogWriter.MAX_LINES + 7; i++) {
        writer.add("line " + i);
      }
      assertTrue(System.nanoTime() - before < TimeUnit.SECONDS.toNanos(5));
      assertEquals(7, writer.dropped());
      try (BufferedReader reader = Files.newBufferedReader(fifo)) {
        String line = reader.readLine();
        while (line.startsWith("x")) {
          line = reader.readLine();
        }
        for (int i = 0; i < LogWriter.MAX_LINES; i++) {
          assertEquals("line " + i, line);
          line = reader.readLine();
        }
        assertTrue(line.endsWith(" event=log-dropped count=7"), line);
      }
      writer.close(10_000);
    }
  }
}
