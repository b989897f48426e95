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
 * A server started from the command line: address, client limit and output. It runs until closed.
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

  /** Creates a server with its default port. */
  protected ServerProgram(int defaultPort) {
    endpoint = new Endpoint(defaultPort);
  }

  /** Returns the service; the limit on clients is for its refusals. */
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
