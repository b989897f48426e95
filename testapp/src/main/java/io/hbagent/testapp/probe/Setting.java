package io.hbagent.testapp.probe;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The environment of a scenario: its name, address family and kind of thread. */
final class Setting {
  /** Limit of a scenario, which usually takes less than a second. */
  static final int LIMIT_SECONDS = 30;

  final String name;
  final int family;
  final boolean virtual;

  Setting(String name, int family, boolean virtual) {
    this.name = name;
    this.family = family;
    this.virtual = virtual;
  }

  static boolean available(int family) {
    try (ServerSocket any = new ServerSocket(0, 1, loopback(family))) {
      return any.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  static InetAddress loopback(int family) throws IOException {
    return InetAddress.getByName(family == 6 ? "::1" : "127.0.0.1");
  }

  InetAddress loopback() throws IOException {
    return loopback(family);
  }

  /** Returns the loopback address with a port that the kernel chooses. */
  InetSocketAddress anyPort() throws IOException {
    return new InetSocketAddress(loopback(), 0);
  }

  /** Runs the scenario on a thread of this setting's kind, within the limit. */
  boolean run(Scenario scenario) {
    FutureTask<Void> done =
        start(
            () -> {
              scenario.run(this);
              return null;
            });
    try {
      await(done);
      return true;
    } catch (IOException e) {
      Report.line(this, "error=" + e.toString().replaceAll("\\s+", "_"));
      e.printStackTrace();
      return false;
    }
  }

  /** Starts work on a thread of this setting's kind. */
  <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Newer.start(virtual, name, task);
    return task;
  }

  static <T> T await(FutureTask<T> task) throws IOException {
    try {
      return task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException("still running after " + LIMIT_SECONDS + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptedIOException(e.toString());
    }
  }

  void client(Socket socket) throws IOException {
    report("client", socket.getLocalPort(), socket.getPort());
  }

  void server(Socket socket) throws IOException {
    report("server", socket.getLocalPort(), socket.getPort());
  }

  void client(SocketChannel channel) throws IOException {
    client(channel.socket());
  }

  void server(SocketChannel channel) throws IOException {
    server(channel.socket());
  }

  void client(AsynchronousSocketChannel channel) throws IOException {
    report("client", port(channel.getLocalAddress()), port(channel.getRemoteAddress()));
  }

  void server(AsynchronousSocketChannel channel) throws IOException {
    report("server", port(channel.getLocalAddress()), port(channel.getRemoteAddress()));
  }

  static int port(SocketAddress address) {
    return ((InetSocketAddress) address).getPort();
  }

  /** Prints the kernel's options of the connection between two ports, at the first port's end. */
  void report(String end, int localPort, int remotePort) throws IOException {
    report(end, Kernel.tcp(localPort, remotePort));
  }

  void report(String end, FileDescriptor fd) throws IOException {
    Report.line(this, "end=" + end, Kernel.options(fd));
  }
}
