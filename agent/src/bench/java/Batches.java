import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Opens, accepts and closes connections on one thread: a batch for each line on stdin, answered by
 * nanoseconds and bytes allocated per connection.
 *
 * <p>The client closes with a reset (linger 0), or 28,000 ports in TIME_WAIT would end the run.
 */
public class Batches {
  private interface Pair {
    /** Returns SO_KEEPALIVE of the client's end if requested. */
    boolean open(boolean look) throws Exception;
  }

  /** Arguments: {@code socket|channel}, connections to warm up with, connections per batch. */
  public static void main(String[] args) throws Exception {
    Thread.sleep(1500); // from then on an agent is complete, and listeners pass on their options
    Pair pair = args[0].equals("socket") ? sockets() : channels();
    int size = Integer.parseInt(args[2]);
    for (int i = Integer.parseInt(args[1]); i > 0; i--) {
      pair.open(false);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    System.out.println("keepalive " + pair.open(true));
    for (int command = System.in.read(); command == '\n'; command = System.in.read()) {
      long bytes = threads.getThreadAllocatedBytes(self);
      long begin = System.nanoTime();
      for (int i = 0; i < size; i++) {
        pair.open(false);
      }
      long nanos = System.nanoTime() - begin;
      bytes = threads.getThreadAllocatedBytes(self) - bytes;
      System.out.println((double) nanos / size + " " + (double) bytes / size);
    }
  }

  private static Pair sockets() throws Exception {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    ServerSocket server = new ServerSocket(0, 16, loopback);
    int port = server.getLocalPort();
    return look -> {
      Socket client = new Socket(loopback, port);
      Socket accepted = server.accept();
      boolean keepalive = look && client.getKeepAlive();
      client.setSoLinger(true, 0);
      client.close();
      accepted.close();
      return keepalive;
    };
  }

  private static Pair channels() throws Exception {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 16);
    InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
    return look -> {
      SocketChannel client = SocketChannel.open(address);
      SocketChannel accepted = server.accept();
      boolean keepalive = look && client.getOption(StandardSocketOptions.SO_KEEPALIVE);
      client.setOption(StandardSocketOptions.SO_LINGER, 0);
      client.close();
      accepted.close();
      return keepalive;
    };
  }
}
