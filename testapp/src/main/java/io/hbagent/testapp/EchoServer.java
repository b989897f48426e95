package io.hbagent.testapp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import picocli.CommandLine.Command;

/** The classic: {@link ServerSocket}, and a thread for every connection. */
@Command(name = "server", description = "Sends back what it receives, a thread a connection.")
public final class EchoServer extends SocketServer {
  @Override
  void admit(Socket connection) {
    Thread thread = new Thread(() -> echo(connection), "echo " + connection.getPort());
    thread.setDaemon(true);
    thread.start();
  }

  private void echo(Socket connection) {
    SocketAddress remote = connection.getRemoteSocketAddress();
    accepted(remote);
    try (Socket open = connection) {
      InputStream in = open.getInputStream();
      OutputStream out = open.getOutputStream();
      byte[] buffer = new byte[8192];
      for (int n; (n = in.read(buffer)) >= 0; ) {
        out.write(buffer, 0, n);
      }
      ended(remote);
    } catch (IOException e) {
      died(remote, e);
    } finally {
      forget(connection);
    }
  }
}
