package io.hbagent.testapp;

import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A connection that is a stream of bytes: its owner reads while idle, and so detects its end. */
abstract class StreamLink implements Link {
  private final byte[] buffer = new byte[8192];

  /** Sends all the bytes. */
  abstract void write(byte[] bytes) throws IOException;

  /**
   * Like {@link java.io.InputStream#read}, but 0 when nothing came for so long; 0 ms waits for
   * ever.
   */
  abstract int read(byte[] into, long millis) throws IOException;

  @Override
  public final void exchange(byte[] message) throws IOException {
    write(message);
    for (int missing = message.length; missing > 0; ) {
      missing -= receive(0);
    }
  }

  @Override
  public final void idle(long millis) throws IOException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (long left = millis; left > 0; left = (end - System.nanoTime()) / 1_000_000) {
      receive(left);
    }
  }

  private int receive(long millis) throws IOException {
    int n = read(buffer, millis);
    if (n < 0) {
      throw new EOFException("closed by the peer");
    }
    return n;
  }
}
