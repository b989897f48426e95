package io.hbagent.testapp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A server on a blocking {@link ServerSocket}. */
abstract class SocketServer extends Server {
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private ServerSocket listener;

  /** Takes a connection that was just accepted; must not wait for anything it says. */
  abstract void admit(Socket connection);

  @Override
  final SocketAddress listen(InetSocketAddress address) throws IOException {
    listener = new ServerSocket();
    listener.bind(address);
    return listener.getLocalSocketAddress();
  }

  @Override
  final void serve() throws IOException {
    while (!listener.isClosed()) {
      Socket connection = listener.accept();
      connections.add(connection);
      admit(connection);
    }
  }

  /** Removes a connection that has ended. */
  final void forget(Socket connection) {
    connections.remove(connection);
  }

  @Override
  final void stop() throws IOException {
    listener.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }
}
