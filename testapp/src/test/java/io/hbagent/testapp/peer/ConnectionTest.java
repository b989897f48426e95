package io.hbagent.testapp.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A connection to a peer that does not read. */
class ConnectionTest {
  /** A deadlock of two ends: one does not read answers, the other does not read questions. */
  @ParameterizedTest
  @CsvSource({"true, 4", "false, 5"}) // OP_WRITE alone, and with OP_READ
  void onlyTheSideThatAnswersIsHeldUp(boolean answering, int interest) throws IOException {
    try (Selector selector = Selector.open();
        ServerSocketChannel listener = ServerSocketChannel.open();
        SocketChannel channel = connected(listener);
        SocketChannel peer = listener.accept()) {
      assertEquals(channel.getLocalAddress(), peer.getRemoteAddress());
      Connection connection = new Connection(channel, selector, answering);
      Set<SelectionKey> keys = selector.keys();
      // More than the buffers of two kernels hold.
      for (int i = 0; i < 1000 && connection.hasRoom(); i++) {
        connection.send(new byte[64 * 1024]);
        connection.flush();
      }
      assertEquals(interest, keys.iterator().next().interestOps());
    }
  }

  private static SocketChannel connected(ServerSocketChannel listener) throws IOException {
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return SocketChannel.open(listener.getLocalAddress());
  }
}
