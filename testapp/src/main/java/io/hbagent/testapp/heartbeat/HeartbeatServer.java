package io.hbagent.testapp.heartbeat;

import io.hbagent.testapp.peer.Count;
import io.hbagent.testapp.peer.Report;
import io.hbagent.testapp.peer.ServerProgram;
import io.hbagent.testapp.peer.Service;
import io.hbagent.testapp.peer.Span;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code heartbeat server}. */
@Command(
    name = "server",
    description = {
      "Answers the line HeartBeat with OK and any other line in upper case.",
      "A client that sends no line for a while is dropped. Lines are UTF-8 and end with LF."
    })
public final class HeartbeatServer extends ServerProgram {
  static final int PORT = 5005;

  /** Bytes of the longest line, unless an option says otherwise. */
  static final int MAX_LINE = 1024;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      converter = Span.Converter.class,
      description = "Silence after which a client is dropped (default: ${DEFAULT-VALUE}).")
  private Span timeout = Span.seconds(60);

  @Option(
      names = "--max-line",
      paramLabel = "BYTES",
      converter = Count.class,
      description = "The longest line that is taken, without its end (default: ${DEFAULT-VALUE}).")
  private int maxLine = MAX_LINE;

  /** Creates a server on its default port. */
  public HeartbeatServer() {
    super(PORT);
  }

  @Override
  protected Service service(int maxClients, Report report) {
    return new HeartbeatService(timeout, maxLine, maxClients, System::nanoTime, report);
  }
}
