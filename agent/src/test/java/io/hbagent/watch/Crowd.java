package io.hbagent.watch;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The peer of the application under test, in a JVM of its own: opens connections, and does with all
 * of them what it reads from standard input: {@code send} a byte, {@code flood} without ever
 * reading, {@code shut} its half, {@code close}.
 */
public final class Crowd {

  private Crowd() {}

  /** Arguments: host, how many connections to each port, ports. */
  public static void main(String[] args) throws Exception {
    List<SocketChannel> channels = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(args[1]); i++) {
      for (int port = 2; port < args.length; port++) {
        channels.add(
            SocketChannel.open(new InetSocketAddress(args[0], Integer.parseInt(args[port]))));
      }
    }
    System.out.println("open " + channels.size());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      for (SocketChannel channel : channels) {
        act(line, channel);
      }
      System.out.println("done " + line);
    }
  }

  private static void act(String what, SocketChannel channel) throws Exception {
    switch (what) {
      case "send" -> channel.write(ByteBuffer.wrap(new byte[1]));
      case "flood" -> flood(channel);
      case "shut" -> channel.shutdownOutput();
      case "close" -> channel.close();
      default -> throw new IllegalArgumentException(what);
    }
  }

  /** Writes until both directions are full: the other end echoes, and that is not read. */
  private static void flood(SocketChannel channel) throws Exception {
    channel.configureBlocking(false);
    for (int idle = 0; idle < 20; ) {
      idle = channel.write(ByteBuffer.wrap(new byte[1 << 16])) > 0 ? 0 : idle + 1;
      if (idle > 0) {
        Thread.sleep(20);
      }
    }
  }
}
