package io.hbagent.testapp.probe.netty.channel.unix;

/**
 * Has the name and shape of the class that Netty's native transports and their copies share: a
 * socket known by its number.
 */
public class Socket {
  private final int number;

  /** Creates an object for an open descriptor. */
  public Socket(int number) {
    this.number = number;
  }

  /** Returns the number of the descriptor. */
  public final int intValue() {
    return number;
  }
}
