package io.hbagent.testapp.peer;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** A server loop on a thread of its own, for tests of its state. */
public final class Serving implements AutoCloseable {
  private final ServerLoop loop;
  private final Thread thread;
  private final StringWriter output = new StringWriter();
  private volatile Throwable failure;

  /** Serves on a free port of the loopback. */
  public Serving(Service service, int maxClients) throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    loop = new ServerLoop(any, service, maxClients, new Report(new PrintWriter(output)));
    thread = new Thread(this::run, "server");
    thread.start();
  }

  /** A report that is discarded. */
  public static Report silence() {
    return new Report(new PrintWriter(Writer.nullWriter()));
  }

  /** Returns the number of open sockets of this process, or 0 without /proc. */
  public static int openDescriptors() {
    String[] names = new File("/proc/self/fd").list();
    return names == null ? 0 : names.length;
  }

  /** Returns the output of the loop. */
  public String output() {
    return output.toString();
  }

  /** Returns the number of clients of the loop. */
  public int clients() {
    return loop.clients();
  }

  /** Returns the address it listens on. */
  public InetSocketAddress address() throws IOException {
    return (InetSocketAddress) loop.address();
  }

  /** Opens a connection whose reads time out after a minute. */
  public Socket connect() throws IOException {
    Socket socket = new Socket(address().getAddress(), address().getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(60_000);
    return socket;
  }

  private void run() {
    try {
      loop.run();
    } catch (Throwable e) {
      failure = e;
    }
  }

  /** Stops the loop and fails the test if it had ended before. */
  @Override
  public void close() {
    loop.close();
    try {
      thread.join(TimeUnit.MINUTES.toMillis(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    assertNull(failure);
  }
}
