package io.hbagent.testapp;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The common part of the servers: address and output. They run until closed. */
abstract class Server implements Callable<Integer>, Closeable {
  @Spec private CommandSpec spec;
  @Mixin private final Endpoint endpoint = new Endpoint(Endpoint.DEFAULT_PORT);

  private volatile boolean closed;

  @Override
  public final Integer call() {
    InetSocketAddress address = endpoint.address();
    SocketAddress bound;
    try {
      bound = listen(address);
    } catch (IOException e) {
      throw Failure.toListen(endpoint, e);
    }
    say("listening on " + Endpoint.text(bound));
    try {
      serve();
    } catch (IOException e) {
      if (!closed) {
        throw new Failure("cannot serve any longer: " + Failure.text(e), e);
      }
    }
    return 0;
  }

  /** Opens the listener and returns its address. */
  abstract SocketAddress listen(InetSocketAddress address) throws IOException;

  /** Serves until {@link #stop} closes what {@link #listen} opened. */
  abstract void serve() throws IOException;

  /** Closes the listener and every connection. */
  abstract void stop() throws IOException;

  @Override
  public final void close() throws IOException {
    closed = true;
    stop();
  }

  final void accepted(SocketAddress remote) {
    say("accepted " + Endpoint.text(remote));
  }

  final void ended(SocketAddress remote) {
    say("closed by " + Endpoint.text(remote));
  }

  final void died(SocketAddress remote, Throwable e) {
    if (!closed) {
      say("connection of " + Endpoint.text(remote) + " died: " + Failure.text(e));
    }
  }

  final void say(String line) {
    spec.commandLine().getOut().println(line);
  }
}
