package io.hbagent.testapp.probe.netty.channel.unix;

/**
 * Has the name and shape of the class that Netty's native transports and their copies share: a
 * socket known by its number.
 */
public class Socket {
  private final int number;

  /** Of a socket that is there already. */
  public Socket(int number) {
    this.number = number;
  }

  /** The descriptor's number. */
  public final int intValue() {
    return number;
  }
}
