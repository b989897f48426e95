package io.hbagent.testapp.probe;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * A peer for accepting scenarios: connects, reports its own end, sends a byte and expects it back.
 */
final class Caller {
  private final CountDownLatch connected = new CountDownLatch(1);
  private final FutureTask<Void> work;

  Caller(Setting setting, SocketAddress address) {
    work =
        setting.start(
            () -> {
              try (Socket socket = new Socket()) {
                socket.connect(address);
                setting.client(socket);
                connected.countDown();
                Echo.talk(socket);
              }
              return null;
            });
  }

  /** Returns once the kernel holds the connection, which is not accepted yet. */
  Caller connected() throws Exception {
    if (!connected.await(Setting.LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("no connection");
    }
    return this;
  }

  /** Waits until the peer has ended, and throws its exception if any. */
  void end() throws IOException {
    Setting.await(work);
  }
}
