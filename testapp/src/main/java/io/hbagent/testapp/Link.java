package io.hbagent.testapp;

import java.io.Closeable;
import java.io.IOException;

/** A client's connection, as {@link Client} uses it whatever it is made of. */
interface Link extends Closeable {
  String local() throws IOException;

  String remote() throws IOException;

  /** Sends a message and waits without limit for its echo. */
  void exchange(byte[] message) throws IOException;

  /**
   * Keeps the connection without a byte sent; throws as soon as the connection is known to be dead.
   */
  void idle(long millis) throws IOException;
}
