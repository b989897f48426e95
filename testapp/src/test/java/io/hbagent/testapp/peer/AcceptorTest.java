package io.hbagent.testapp.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

class AcceptorTest {
  @Test
  void restsWhenItCannotAcceptAndResumes() throws IOException {
    StringWriter output = new StringWriter();
    try (Selector selector = Selector.open();
        ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      listener.configureBlocking(false);
      SelectionKey key = listener.register(selector, SelectionKey.OP_ACCEPT);
      Acceptor acceptor = new Acceptor(listener, key, new Report(new PrintWriter(output)));
      assertEquals(Long.MAX_VALUE, acceptor.resumeWhenRested());
      try (SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
        assertTrue(client.isConnected());
        selector.select(10_000);
        acceptor.accept(
            channel -> {
              channel.close();
              throw new IOException("Too many open files");
            });
      }
      String complaint =
          "cannot accept: Too many open files; who comes now waits until a client leaves";
      assertTrue(output.toString().contains(complaint), output::toString);
      assertEquals(0, key.interestOps());
      assertTrue(acceptor.resumeWhenRested() <= 500_000_000);
      Wait.until(() -> acceptor.resumeWhenRested() == Long.MAX_VALUE, () -> "still resting");
      assertEquals(SelectionKey.OP_ACCEPT, key.interestOps());
    }
  }
}
