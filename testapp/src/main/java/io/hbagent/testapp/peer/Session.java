package io.hbagent.testapp.peer;

import java.nio.ByteBuffer;

/** The state of a service for one client. */
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

  /** Returns the last message for a client that is dropped because of {@code why}; may be empty. */
  byte[] farewell(String why);

  /** Called once, when the connection has ended for any reason. */
  void closed();
}
