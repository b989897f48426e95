package io.hbagent.testapp.probe;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.FutureTask;

/** A peer for one connection, on a thread of its own. */
final class OneConnection implements AutoCloseable {
  /** The use of the connection until it ends. */
  interface Service {
    void serve(Socket socket) throws Exception;
  }

  final ServerSocket listener;
  private final FutureTask<Void> work;
  private volatile boolean accepted;

  /** Accepts on a listener that it closes in the end, and reports that end of the connection. */
  OneConnection(Setting setting, ServerSocket listener, Service service) {
    this.listener = listener;
    work =
        setting.start(
            () -> {
              try (Socket socket = listener.accept()) {
                accepted = true;
                setting.server(socket);
                service.serve(socket);
              }
              return null;
            });
  }

  /**
   * Waits until the connection has ended, if there was one, and throws this end's exception if any.
   */
  @Override
  public void close() throws IOException {
    try {
      if (!accepted) {
        listener.close();
      }
      Setting.await(work);
    } finally {
      listener.close();
    }
  }
}
