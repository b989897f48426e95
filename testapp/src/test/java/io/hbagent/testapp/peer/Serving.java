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

/** A server loop on a thread of its own, for tests that look inside. */
public final class Serving implements AutoCloseable {
  private final ServerLoop loop;
  private final Thread thread;
  private final StringWriter said = new StringWriter();
  private volatile Throwable failure;

  /** Serves on a free port of the loopback. */
  public Serving(Service service, int maxClients) throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    loop = new ServerLoop(any, service, maxClients, new Report(new PrintWriter(said)));
    thread = new Thread(this::run, "server");
    thread.start();
  }

  /** A report that is discarded. */
  public static Report silence() {
    return new Report(new PrintWriter(Writer.nullWriter()));
  }

  /** Sockets this process has open, or 0 where there is no /proc to count them in. */
  public static int openDescriptors() {
    String[] names = new File("/proc/self/fd").list();
    return names == null ? 0 : names.length;
  }

  /** What the loop has reported. */
  public String said() {
    return said.toString();
  }

  /** How many clients the loop has. */
  public int clients() {
    return loop.clients();
  }

  /** Where it listens. */
  public InetSocketAddress address() throws IOException {
    return (InetSocketAddress) loop.address();
  }

  /** A connection that fails a read after a minute. */
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

  /** Ends the loop and fails the test if anything else had ended it before. */
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
