import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Many idle connections: one process accepts, one connects and measures the watchdog's thread. */
public class Idle {
  static final List<SocketChannel> CHANNELS = new ArrayList<>();

  /** Arguments: {@code accept}, or {@code connect} port count rounds; 0 rounds without an agent. */
  public static void main(String[] args) throws Exception {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    if (args[0].equals("accept")) {
      ServerSocketChannel server = ServerSocketChannel.open();
      server.bind(new InetSocketAddress(loopback, 0), 1024);
      System.out.println(((InetSocketAddress) server.getLocalAddress()).getPort());
      while (true) {
        CHANNELS.add(server.accept());
      }
    }
    int rounds = Integer.parseInt(args[3]);
    Thread watchdog = rounds == 0 ? null : awaitWatchdog();
    InetSocketAddress peer = new InetSocketAddress(loopback, Integer.parseInt(args[1]));
    int count = Integer.parseInt(args[2]);
    connect(peer, 200); // loads classes and touches the first pages
    Thread.sleep(2_000);
    long before = heap();
    connect(peer, count - 200);
    Thread.sleep(5_000); // every connection is watched by now
    System.out.println("heap " + (heap() - before) / (count - 200.0));
    if (watchdog != null) {
      measure(watchdog, rounds);
    }
  }

  static void connect(InetSocketAddress peer, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      CHANNELS.add(SocketChannel.open(peer));
    }
  }

  static long heap() throws InterruptedException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(200);
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  static Thread awaitWatchdog() throws InterruptedException {
    for (int i = 0; i < 500; i++) {
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().equals("hb-agent-watchdog")) {
          return thread;
        }
      }
      Thread.sleep(20);
    }
    throw new IllegalStateException("no watchdog");
  }

  @SuppressWarnings("deprecation") // getId: also on JDK 8
  static void measure(Thread watchdog, int rounds) throws InterruptedException {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = watchdog.getId();
    long cpu = threads.getThreadCpuTime(id);
    long bytes = threads.getThreadAllocatedBytes(id);
    for (int i = 0; i < rounds; ) {
      Thread.sleep(20);
      long nowCpu = threads.getThreadCpuTime(id);
      // A round is over when the thread waits again and has worked since.
      if (nowCpu == cpu || watchdog.getState() != Thread.State.TIMED_WAITING) {
        continue;
      }
      long nowBytes = threads.getThreadAllocatedBytes(id);
      System.out.println("round " + (nowCpu - cpu) + " " + (nowBytes - bytes));
      cpu = nowCpu;
      bytes = nowBytes;
      i++;
    }
  }
}
