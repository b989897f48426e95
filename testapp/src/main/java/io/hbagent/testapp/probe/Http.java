package io.hbagent.testapp.probe;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;

/**
 * An HTTP server for one request. HTTP clients keep their connection to themselves, so it reports
 * both ends: the client's has sent a request, it is in use.
 */
final class Http implements AutoCloseable {
  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
          .getBytes(StandardCharsets.US_ASCII);

  private final OneConnection peer;

  Http(Setting setting) throws IOException {
    peer =
        new OneConnection(
            setting,
            new ServerSocket(0, 5, setting.loopback()),
            socket -> {
              readHead(socket.getInputStream());
              setting.report("client", socket.getPort(), socket.getLocalPort());
              socket.getOutputStream().write(ANSWER);
              socket.getOutputStream().flush();
            });
  }

  String url() {
    String host = peer.listener.getInetAddress().getHostAddress();
    return "http://"
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + peer.listener.getLocalPort()
        + "/";
  }

  static void check(int status, String body) throws IOException {
    if (status != 200 || !body.equals("ok")) {
      throw new IOException("status " + status + ", body " + body);
    }
  }

  static void readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the request ends early: " + head);
      }
      head.append((char) next);
    }
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }
}
