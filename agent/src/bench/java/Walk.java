import java.net.Socket;

/** One connection: opened when a line is read, held until the next one. */
public class Walk {
  /** Arguments: host and port. */
  public static void main(String[] args) throws Exception {
    try (Socket warm = new Socket(args[0], Integer.parseInt(args[1]))) {
      warm.setTcpNoDelay(true);
    }
    System.out.println("ready");
    System.in.read();
    try (Socket socket = new Socket(args[0], Integer.parseInt(args[1]))) {
      System.out.println("connected");
      System.in.read();
      socket.setTcpNoDelay(true);
    }
  }
}
