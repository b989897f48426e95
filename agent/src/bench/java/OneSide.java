import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * One side of some connections, so that a count of its system calls is a count of that side's; the
 * other is elsewhere.
 */
public class OneSide {
  /**
   * Arguments: {@code connect|accept}, {@code socket|channel|asynchronous}, count, and to connect
   * the port.
   */
  public static void main(String[] args) throws Exception {
    // An agent may test itself with a socket after main began, which must not fall between
    // two counts.
    Thread.sleep(1500);
    int count = Integer.parseInt(args[2]);
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    if (args[0].equals("connect")) {
      InetSocketAddress peer = new InetSocketAddress(loopback, Integer.parseInt(args[3]));
      for (int i = 0; i < count; i++) {
        connect(args[1], peer);
      }
    } else {
      accept(args[1], new InetSocketAddress(loopback, 0), count);
    }
  }

  private static void connect(String api, InetSocketAddress peer) throws Exception {
    if (api.equals("socket")) {
      try (Socket socket = new Socket()) {
        socket.connect(peer);
      }
    } else if (api.equals("channel")) {
      SocketChannel.open(peer).close();
    } else {
      try (AsynchronousSocketChannel channel = AsynchronousSocketChannel.open()) {
        channel.connect(peer).get();
      }
    }
  }

  private static void accept(String api, InetSocketAddress local, int count) throws Exception {
    if (api.equals("socket")) {
      try (ServerSocket server = new ServerSocket()) {
        server.bind(local);
        System.out.println(server.getLocalPort());
        for (int i = 0; i < count; i++) {
          server.accept().close();
        }
      }
    } else if (api.equals("channel")) {
      try (ServerSocketChannel server = ServerSocketChannel.open()) {
        server.bind(local);
        System.out.println(((InetSocketAddress) server.getLocalAddress()).getPort());
        for (int i = 0; i < count; i++) {
          server.accept().close();
        }
      }
    } else {
      try (AsynchronousServerSocketChannel server = AsynchronousServerSocketChannel.open()) {
        server.bind(local);
        System.out.println(((InetSocketAddress) server.getLocalAddress()).getPort());
        for (int i = 0; i < count; i++) {
          server.accept().get().close();
        }
      }
    }
  }
}
