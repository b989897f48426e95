import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.OpenSockets;
import io.hbagent.tcp.RemoteAddresses;
import io.hbagent.tcp.TcpInfo;
import io.hbagent.tcp.WaitingThread;
import io.hbagent.tcp.WaitingThreads;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares the threads that the agent's classes find waiting on each connection with those that
 * wait. Java 8. Prints what differs, and {@code right N} with the number of connections.
 */
public class WaitingReport {

  static final int READERS = 200;
  static final long LIMIT_MILLIS = 60_000;

  /** By port: what must be found on the connection with this remote port, or on its listener. */
  static final Map<Integer, String> WANTED = new TreeMap<>();

  public static void main(String[] arguments) throws Exception {
    WaitingClients.open();
    for (Map.Entry<String, Integer> each : WaitingClients.PORTS.entrySet()) {
      WANTED.put(each.getValue(), each.getKey());
    }
    for (int i = 0; i < READERS; i++) {
      reader(i, false);
      if (WaitingClients.hasVirtualThreads()) {
        reader(i, true);
      }
    }
    acceptor(0, false);
    acceptor(600_000, false);
    if (WaitingClients.hasVirtualThreads()) {
      acceptor(0, true);
    }
    WaitingClients.awaitWriters();
    long limit = System.currentTimeMillis() + LIMIT_MILLIS;
    List<String> wrong = wrong();
    while (!wrong.isEmpty() && System.currentTimeMillis() < limit) {
      wrong = wrong();
    }
    for (String line : wrong) {
      System.out.println("wrong: " + line);
    }
    System.out.println("right " + (WANTED.size() - wrong.size()));
    System.exit(0);
  }

  /** Starts a reader whose name all have, and whose stack is deeper than that of the one before. */
  static void reader(int depth, boolean virtual) throws Exception {
    ServerSocket listener = WaitingClients.listen();
    Socket socket = new Socket(WaitingClients.HOST, listener.getLocalPort());
    WANTED.put(listener.getLocalPort(), (virtual ? "virtual-" : "") + "reader " + depth);
    WaitingClients.start("reader", virtual, () -> deeper(depth, socket));
  }

  static void deeper(int depth, Socket socket) {
    if (depth > 0) {
      deeper(depth - 1, socket);
      return;
    }
    try {
      socket.getInputStream().read();
    } catch (IOException e) {
      System.out.println("wrong: " + e);
    }
  }

  static void acceptor(int timeout, boolean virtual) throws Exception {
    ServerSocket listener = WaitingClients.listen();
    listener.setSoTimeout(timeout);
    String name = virtual ? "virtual-acceptor" : "acceptor";
    WANTED.put(listener.getLocalPort(), name);
    WaitingClients.start(
        name,
        virtual,
        () -> {
          try {
            listener.accept();
          } catch (IOException e) {
            System.out.println("wrong: " + e);
          }
        });
  }

  static List<String> wrong() {
    BitSet all = new BitSet();
    OpenSockets.forEach((number, fd) -> all.set(number));
    long begin = System.nanoTime();
    WaitingThreads waiting = WaitingThreads.read(all);
    System.out.println("read in " + (System.nanoTime() - begin) / 1_000_000 + " ms");
    Map<Integer, String> found = new HashMap<>();
    RemoteAddresses remotes = new RemoteAddresses();
    OpenSockets.forEach((number, fd) -> add(found, number, fd, remotes, waiting.on(number)));
    List<String> wrong = new ArrayList<>();
    if (waiting.problem() != null) {
      wrong.add(waiting.problem());
    }
    for (Map.Entry<Integer, String> each : WANTED.entrySet()) {
      String is = found.get(each.getKey());
      if (!wanted(each.getValue()).equals(is)) {
        wrong.add(each.getValue() + ": " + is);
      }
    }
    return wrong;
  }

  /** Returns what is to be found on the connection of a thread by its name. */
  static String wanted(String name) {
    if (name.contains("reader ")) {
      return name + " read of 1";
    }
    if (name.startsWith("selector-")) {
      return name + " select of 1";
    }
    if (name.startsWith("async-")) {
      return "pool select";
    }
    return name + " " + (name.contains("acceptor") ? "accept" : name.replaceAll(".*-", "")) + " of 1";
  }

  static void add(
      Map<Integer, String> found,
      int number,
      FileDescriptor fd,
      RemoteAddresses remotes,
      List<WaitingThread> threads) {
    try {
      if (threads.isEmpty() || !Kernel.isTcp(fd)) {
        return;
      }
      int state = TcpInfo.state(Kernel.info(fd));
      InetSocketAddress remote =
          state == TcpInfo.LISTEN
              ? Kernel.local(fd)
              : state == TcpInfo.SYN_SENT
                  ? remotes.ofConnecting(OpenSockets.inode(number))
                  : remotes.of(fd);
      for (WaitingThread thread : threads) {
        String name = thread.name;
        int depth = -1;
        for (StackTraceElement frame : thread.stack) {
          depth += frame.getMethodName().equals("deeper") ? 1 : 0;
        }
        if (name.equals("reader")) {
          name = (thread.virtual ? "virtual-" : "") + "reader " + depth;
        }
        String is =
            WANTED.getOrDefault(remote.getPort(), "").startsWith("async-")
                ? "pool " + thread.operation
                : name + " " + thread.operation + " of " + thread.sockets;
        String before = found.put(remote.getPort(), is);
        if (before != null && !before.equals("pool select")) {
          found.put(remote.getPort(), before + ", " + is);
        }
      }
    } catch (IOException e) {
      System.out.println("wrong: " + number + ": " + e);
    }
  }
}
