package io.hbagent.testapp.peer;

import io.hbagent.testapp.Endpoint;
import io.hbagent.testapp.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A client started from the command line: address, input and exit code. */
public abstract class ClientProgram implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final Endpoint endpoint;

  @Option(
      names = "--connect-timeout",
      paramLabel = "SECONDS",
      converter = Span.Converter.class,
      description = "How long to wait for the connection (default: ${DEFAULT-VALUE}).")
  private Span connectTimeout = Span.seconds(10);

  @Option(
      names = "--quit-at-eof",
      description = {
        "End when standard input ends and everything is answered.",
        "Without it the connection is kept and watched."
      })
  private boolean quitAtEof;

  private final InputStream in;

  /** Creates a client with its default port and the lines it sends. */
  protected ClientProgram(int defaultPort, InputStream in) {
    endpoint = new Endpoint(defaultPort);
    this.in = in;
  }

  /** Returns the client's side of the protocol. */
  protected abstract Dialogue dialogue(Report report);

  /** Returns the probe timer, started now. */
  protected abstract ProbeTimer timer();

  /** Checks what the program needs before anything is opened; a {@link Failure} ends it. */
  protected void prepare() {}

  /** Configures the connected channel before anything is sent. */
  protected void connected(SocketChannel channel, Report report) throws IOException {}

  @Override
  public final Integer call() throws IOException {
    prepare();
    InetSocketAddress address = endpoint.address();
    Report report = new Report(spec.commandLine().getOut());
    SocketChannel channel = SocketChannel.open();
    try {
      channel.socket().connect(address, (int) Math.min(Integer.MAX_VALUE, connectTimeout.millis()));
    } catch (IOException e) {
      channel.close();
      throw e instanceof SocketTimeoutException
          ? new Failure(
              "cannot connect to " + endpoint + ": no answer in " + connectTimeout + " s", e)
          : Failure.toConnect(endpoint, e);
    }
    report.line(
        "connected %s -> %s",
        Endpoint.text(channel.getLocalAddress()), Endpoint.text(channel.getRemoteAddress()));
    connected(channel, report);
    return new ClientLoop(dialogue(report), timer(), new StdinLines(in), quitAtEof, report)
        .run(channel)
        .exitCode();
  }
}
