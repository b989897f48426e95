package io.hbagent.hook.netty.channel.unix;

import java.net.SocketAddress;

/** Has the shape of the class that Netty's native transports and their copies share. */
public class Socket {
  private final int number;

  public Socket(int number) {
    this.number = number;
  }

  public final int intValue() {
    return number;
  }

  public final boolean connect(SocketAddress remote) {
    return remote != null;
  }

  public final SocketAddress remoteAddress() {
    return null;
  }

  public final void setKeepAlive(boolean on) {
    if (on) {
      return;
    }
    setIntOpt(1, 9, 0);
  }

  public void setIntOpt(int level, int option, int value) {}
}
