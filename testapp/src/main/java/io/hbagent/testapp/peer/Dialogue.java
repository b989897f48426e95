package io.hbagent.testapp.peer;

import java.nio.ByteBuffer;

/** The client side of a protocol. */
public interface Dialogue {
  /** Returns the bytes of a probe. */
  byte[] probe();

  /** Returns the bytes of a line that the user typed; empty if it cannot be sent. */
  byte[] message(String line);

  /**
   * Takes all of some bytes that came, in pieces as the network cut them.
   *
   * @return how many whole messages they completed
   * @throws MalformedException when they are not the protocol
   */
  int received(ByteBuffer bytes) throws MalformedException;

  /** Returns the number of outstanding answers; 0 in a protocol without answers. */
  int owed();

  /**
   * The server has sent its last byte.
   *
   * @throws MalformedException when that was in the middle of a message
   */
  void inputEnded() throws MalformedException;
}
