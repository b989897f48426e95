import java.io.FileInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Opens two sockets, waits the given number of milliseconds, if any, and prints /proc/self/status:
 * the peak of its memory as the kernel saw it.
 */
public class TwoSockets {
  public static void main(String[] args) throws Exception {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    try (ServerSocket server = new ServerSocket(0, 1, loopback);
        Socket client = new Socket(loopback, server.getLocalPort());
        Socket accepted = server.accept()) {
      client.getOutputStream().write(1);
      accepted.getInputStream().read();
    }
    if (args.length > 0) {
      Thread.sleep(Integer.parseInt(args[0]));
    }
    byte[] status = new byte[8192];
    int length;
    try (FileInputStream in = new FileInputStream("/proc/self/status")) {
      length = in.read(status);
    }
    System.out.write(status, 0, length);
    System.out.flush();
  }
}
