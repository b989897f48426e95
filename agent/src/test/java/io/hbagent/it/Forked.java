package io.hbagent.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A process of a test, whose output is kept line by line. It may run for {@link #LIMIT}; {@link
 * #close} kills it.
 */
public final class Forked implements AutoCloseable {

  /** Limit of every wait: far above what any step takes on a busy machine. */
  static final Duration LIMIT = Duration.ofMinutes(5);

  /** The lines of one stream, and a flag for its end. */
  private static final class Lines {
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;
    private boolean ended;

    Lines(InputStream in, String name) {
      reader = new Thread(() -> read(in), name);
      reader.setDaemon(true);
      reader.start();
    }

    private void read(InputStream in) {
      try (BufferedReader text =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
        for (String line = text.readLine(); line != null; line = text.readLine()) {
          add(line);
        }
      } catch (IOException e) {
        add("(cannot be read further: " + e + ")");
      }
      synchronized (this) {
        ended = true;
        notifyAll();
      }
    }

    private synchronized void add(String line) {
      lines.add(line);
      notifyAll();
    }

    synchronized List<String> all() {
      return List.copyOf(lines);
    }

    synchronized String await(int from, Predicate<String> wanted, Duration limit)
        throws InterruptedException {
      long deadline = System.nanoTime() + limit.toNanos();
      for (int next = from; ; next++) {
        while (next >= lines.size()) {
          long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
          if (ended || left <= 0) {
            return null;
          }
          wait(left);
        }
        if (wanted.test(lines.get(next))) {
          return lines.get(next);
        }
      }
    }
  }

  private final List<String> command;
  private final Process process;
  private final Lines out;
  private final Lines err;

  public Forked(ProcessBuilder builder) throws IOException {
    command = builder.command();
    process = builder.start();
    out = new Lines(process.getInputStream(), "stdout of " + process.pid());
    err = new Lines(process.getErrorStream(), "stderr of " + process.pid());
  }

  /** Skips the test if a command does not end with exit code 0. */
  static void assumeRuns(List<String> command, String otherwise) throws InterruptedException {
    try (Forked forked = new Forked(new ProcessBuilder(command))) {
      assumeTrue(forked.exit() == 0, () -> otherwise + ": " + String.join(" ", forked.err()));
    } catch (IOException e) {
      assumeTrue(false, otherwise + ": " + e);
    }
  }

  /** Returns its words, separated by blanks. */
  String command() {
    return String.join(" ", command);
  }

  public List<String> out() {
    return out.all();
  }

  public List<String> err() {
    return err.all();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /** Writes a line to its standard input. */
  public void send(String line) {
    try {
      OutputStream in = process.getOutputStream();
      in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(describe("does not take " + line), e);
    }
  }

  /** Closes its standard input. */
  public void closeInput() throws IOException {
    process.getOutputStream().close();
  }

  /** Waits for a line of standard output that matches, from the given index on, and returns it. */
  public String awaitOut(int from, Predicate<String> wanted) throws InterruptedException {
    return found(out.await(from, wanted, LIMIT), "standard output");
  }

  /** Waits for a line of standard error that matches, from the given index on, and returns it. */
  public String awaitErr(int from, Predicate<String> wanted) throws InterruptedException {
    return found(err.await(from, wanted, LIMIT), "standard error");
  }

  private String found(String line, String stream) {
    if (line == null) {
      throw new AssertionError(describe("did not print what was waited for on " + stream));
    }
    return line;
  }

  /** Waits until it has ended and all it printed has been read, and returns its exit code. */
  public int exit() throws InterruptedException {
    if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
      String state = describe("still runs after " + LIMIT);
      close();
      throw new AssertionError(state);
    }
    out.reader.join(LIMIT.toMillis());
    err.reader.join(LIMIT.toMillis());
    return process.exitValue();
  }

  /** Sends SIGTERM and waits until it has ended. */
  public void stop() {
    process.destroy();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the message of a failed check: command, exit code and output. */
  public String describe(String what) {
    StringBuilder text = new StringBuilder(what).append("\ncommand: ");
    text.append(command());
    text.append("\nstate: ").append(process.isAlive() ? "alive" : "exit " + process.exitValue());
    append(text, "stdout", out.all());
    append(text, "stderr", err.all());
    return text.toString();
  }

  private static void append(StringBuilder text, String name, List<String> lines) {
    // The last lines suffice; a run of all scenarios prints hundreds.
    int from = Math.max(0, lines.size() - 60);
    text.append("\n--- ").append(name).append(" (").append(lines.size()).append(" lines)");
    lines.subList(from, lines.size()).forEach(line -> text.append('\n').append(line));
  }

  @Override
  public void close() {
    boolean killed = process.isAlive();
    process.destroyForcibly();
    try {
      if (process.waitFor(10, TimeUnit.SECONDS) && killed) {
        // A killed JVM leaves its attach socket for the next process with its ID. After one that
        // has
        // ended by itself, another process may have that ID already.
        Files.deleteIfExists(Path.of("/tmp/.java_pid" + process.pid()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
