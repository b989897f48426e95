package io.hbagent.testapp.peer;

import io.hbagent.testapp.Endpoint;
import io.hbagent.testapp.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A server from the command line: where it listens, whom it lets in, and what it prints. It runs
 * until closed.
 */
public abstract class ServerProgram implements Callable<Integer>, Closeable {
  @Spec private CommandSpec spec;
  @Mixin private final Endpoint endpoint;

  @Option(
      names = "--max-clients",
      paramLabel = "N",
      converter = Count.class,
      description = "Clients served at a time; others are refused (default: ${DEFAULT-VALUE}).")
  private int maxClients = 5000;

  private volatile ServerLoop loop;

  /** A server with the port it takes when none is given. */
  protected ServerProgram(int defaultPort) {
    endpoint = new Endpoint(defaultPort);
  }

  /** What is served, with the limit on clients for its refusals. */
  protected abstract Service service(int maxClients, Report report);

  @Override
  public final Integer call() throws IOException {
    Report report = new Report(spec.commandLine().getOut());
    InetSocketAddress address = endpoint.address();
    try {
      loop = new ServerLoop(address, service(maxClients, report), maxClients, report);
    } catch (IOException e) {
      throw Failure.toListen(endpoint, e);
    }
    report.line("listening on %s", Endpoint.text(loop.address()));
    Descriptors.check(maxClients, Descriptors.limit(), report);
    loop.run();
    return 0;
  }

  /** Ends a server that listens, from any thread. */
  @Override
  public final void close() {
    loop.close();
  }
}
