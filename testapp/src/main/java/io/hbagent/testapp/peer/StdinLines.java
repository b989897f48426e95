package io.hbagent.testapp.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The lines of standard input for a loop that must not block. Standard input is no selectable
 * channel in Java, so a daemon thread reads it into a short queue and wakes the loop's selector.
 * The thread waits while the queue is full, so that a large file takes no memory.
 */
public final class StdinLines {
  private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(64);
  private final BufferedReader in;
  private volatile boolean readerDone;

  /** Lines of a stream, which is {@link System#in} outside tests. */
  public StdinLines(InputStream in) {
    this.in = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()));
  }

  /** Starts reading; {@code wakeup} is called whenever there may be news. */
  void start(Runnable wakeup) {
    Thread reader = new Thread(() -> read(wakeup), "stdin");
    reader.setDaemon(true);
    reader.start();
  }

  /** Returns the next line, or null if there is none now. */
  String poll() {
    return lines.poll();
  }

  /** Returns whether the input has ended and all its lines were taken. */
  boolean ended() {
    return readerDone && lines.isEmpty();
  }

  private void read(Runnable wakeup) {
    try {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.put(line);
        wakeup.run();
      }
    } catch (IOException | InterruptedException e) {
      // A terminal that is gone ends the input like any other end.
    } finally {
      readerDone = true;
      wakeup.run();
    }
  }
}
