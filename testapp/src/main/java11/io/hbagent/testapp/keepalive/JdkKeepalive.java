package io.hbagent.testapp.keepalive;

import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

/** Keepalive options through {@link ExtendedSocketOptions}, which has had them since Java 11. */
final class JdkKeepalive implements Keepalive {
  private static final Map<String, SocketOption<Integer>> OPTIONS =
      Map.of(
          "TCP_KEEPIDLE", ExtendedSocketOptions.TCP_KEEPIDLE,
          "TCP_KEEPINTERVAL", ExtendedSocketOptions.TCP_KEEPINTERVAL,
          "TCP_KEEPCOUNT", ExtendedSocketOptions.TCP_KEEPCOUNT);

  @Override
  public int set(SocketChannel channel, String option, int value) throws IOException {
    SocketOption<Integer> known = OPTIONS.get(option);
    return channel.setOption(known, value).getOption(known);
  }
}
