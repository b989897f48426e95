package io.hbagent.testapp;

import java.net.Socket;
import picocli.CommandLine.Command;

/**
 * A peer whose kernel is there and whose program is not: keepalive is answered, nothing else is.
 */
@Command(
    name = "server",
    description = "Accepts connections, never reads from them, never answers.")
public final class MuteServer extends SocketServer {
  @Override
  void admit(Socket connection) {
    accepted(connection.getRemoteSocketAddress());
  }
}
