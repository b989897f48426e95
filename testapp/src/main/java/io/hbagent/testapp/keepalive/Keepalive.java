package io.hbagent.testapp.keepalive;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/** Sets one of the kernel's keepalive options on a connection. */
interface Keepalive {
  /**
   * Switches keepalive on and reads it back.
   *
   * @return whether the kernel now has it on
   * @throws UnsupportedOperationException when this JDK or system does not know the option
   * @throws IOException when the kernel refuses
   */
  default boolean enable(SocketChannel channel) throws IOException {
    return channel
        .setOption(StandardSocketOptions.SO_KEEPALIVE, true)
        .getOption(StandardSocketOptions.SO_KEEPALIVE);
  }

  /**
   * Sets an option and reads it back.
   *
   * @param option {@code TCP_KEEPIDLE} or {@code TCP_KEEPINTERVAL}, in seconds, or {@code
   *     TCP_KEEPCOUNT}
   * @return the value the kernel now has
   * @throws UnsupportedOperationException when this JDK or system does not know the option
   * @throws IOException when the kernel refuses
   */
  int set(SocketChannel channel, String option, int value) throws IOException;
}
