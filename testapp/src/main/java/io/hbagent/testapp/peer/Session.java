package io.hbagent.testapp.peer;

import java.nio.ByteBuffer;

/** What a service knows about one of its clients. */
public interface Session {
  /**
   * Takes all of some bytes that came, in pieces as the network cut them.
   *
   * @throws MalformedException when they are not the protocol; the connection is dropped
   */
  void received(ByteBuffer bytes) throws MalformedException;

  /**
   * The client has sent its last byte.
   *
   * @throws MalformedException when that was in the middle of a message
   */
  void inputEnded() throws MalformedException;

  /** Parting words for a client that is dropped because of {@code why}; may be empty. */
  byte[] farewell(String why);

  /** The connection is gone, for whatever reason; called once. */
  void closed();
}
