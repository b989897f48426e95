import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends of connections, by name, that do what standard input says: a line is a command, a name and
 * arguments, and is answered by {@code ok} and the line. For JDK 8; knows nothing of the agent.
 */
public final class Ends {

  private static final Map<String, Socket> ENDS = new ConcurrentHashMap<>();

  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      run(words[0], words[1], words);
      System.out.println("ok " + line);
    }
    System.exit(0);
  }

  private static void run(String command, String name, String[] words) throws Exception {
    switch (command) {
      case "listen": // NAME HOST PORT: its connections are NAME0, NAME1 ...
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(words[2], Integer.parseInt(words[3])));
        start("acceptor-" + name, () -> accept(server, name));
        break;
      case "dial": // NAME HOST PORT
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(words[2], Integer.parseInt(words[3])));
        ENDS.put(name, socket);
        System.out.println("end " + name + " " + socket.getLocalPort());
        break;
      case "connect": // NAME HOST PORT, to where no one answers
        start(
            "connector-" + name,
            () -> new Socket().connect(new InetSocketAddress(words[2], Integer.parseInt(words[3]))));
        break;
      case "write": // NAME BYTES
        end(name).getOutputStream().write(new byte[Integer.parseInt(words[2])]);
        break;
      case "expect": // NAME BYTES
        expect(end(name), Integer.parseInt(words[2]));
        break;
      case "read": // NAME: until the end
        start("reader-" + name, () -> drain(end(name)));
        break;
      case "flood": // NAME: until the connection ends
        start("writer-" + name, () -> flood(end(name)));
        break;
      case "beat": // NAME MILLIS: one byte each
        start("beat-" + name, () -> beat(end(name), Integer.parseInt(words[2])));
        break;
      case "answer": // NAME MILLIS: each byte is answered by one, after a time
        start("answer-" + name, () -> answer(end(name), Integer.parseInt(words[2])));
        break;
      case "close":
        end(name).close();
        break;
      default:
        throw new IllegalArgumentException(command);
    }
  }

  private static Socket end(String name) throws InterruptedException {
    for (int i = 0; i < 1000 && !ENDS.containsKey(name); i++) {
      Thread.sleep(10); // it is being accepted
    }
    return ENDS.get(name);
  }

  private interface Action {
    void run() throws Exception;
  }

  private static void start(String threadName, Action action) {
    Thread thread =
        new Thread(
            () -> {
              try {
                action.run();
              } catch (Exception e) {
                System.out.println(threadName + " ended: " + e);
              }
            },
            threadName);
    thread.setDaemon(true);
    thread.start();
  }

  private static void accept(ServerSocket server, String name) throws IOException {
    for (int i = 0; ; i++) {
      Socket socket = server.accept();
      socket.setTcpNoDelay(true);
      System.out.println("end " + name + i + " " + socket.getPort());
      ENDS.put(name + i, socket);
    }
  }

  private static void expect(Socket socket, int bytes) throws IOException {
    InputStream in = socket.getInputStream();
    for (int i = 0; i < bytes; i++) {
      if (in.read() < 0) {
        throw new IOException("the end");
      }
    }
  }

  private static void drain(Socket socket) throws IOException {
    byte[] buffer = new byte[8192];
    while (socket.getInputStream().read(buffer) >= 0) {
      // until the end
    }
  }

  private static void flood(Socket socket) throws IOException {
    while (true) {
      socket.getOutputStream().write(new byte[8192]);
    }
  }

  private static void beat(Socket socket, int millis) throws Exception {
    while (true) {
      socket.getOutputStream().write(1);
      Thread.sleep(millis);
    }
  }

  private static void answer(Socket socket, int millis) throws Exception {
    while (socket.getInputStream().read() >= 0) {
      Thread.sleep(millis);
      socket.getOutputStream().write(1);
    }
  }
}
