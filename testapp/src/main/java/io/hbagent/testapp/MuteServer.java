package io.hbagent.testapp;

import java.net.Socket;
import picocli.CommandLine.Command;

/** A server whose kernel answers keepalive probes and whose program never answers. */
@Command(
    name = "server",
    description = "Accepts connections, never reads from them, never answers.")
public final class MuteServer extends SocketServer {
  @Override
  void admit(Socket connection) {
    accepted(connection.getRemoteSocketAddress());
  }
}
