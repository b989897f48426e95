package io.hbagent.testapp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import picocli.CommandLine.Command;

/** The classic: a blocking {@link Socket}. */
@Command(name = "client", description = "Sends messages to an echo server through a Socket.")
public final class EchoClient extends Client {
  @Override
  Link connect(InetSocketAddress address) throws IOException {
    return new SocketLink(new Socket(address.getAddress(), address.getPort()));
  }

  private static final class SocketLink extends StreamLink {
    private final Socket socket;

    SocketLink(Socket socket) {
      this.socket = socket;
    }

    @Override
    public String local() {
      return Endpoint.text(socket.getLocalSocketAddress());
    }

    @Override
    public String remote() {
      return Endpoint.text(socket.getRemoteSocketAddress());
    }

    @Override
    void write(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    @Override
    int read(byte[] into, long millis) throws IOException {
      socket.setSoTimeout((int) Math.min(millis, Integer.MAX_VALUE));
      try {
        return socket.getInputStream().read(into);
      } catch (SocketTimeoutException e) {
        return 0;
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
