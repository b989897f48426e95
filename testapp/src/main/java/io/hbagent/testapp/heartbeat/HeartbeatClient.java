package io.hbagent.testapp.heartbeat;

import io.hbagent.testapp.peer.ClientProgram;
import io.hbagent.testapp.peer.Count;
import io.hbagent.testapp.peer.Dialogue;
import io.hbagent.testapp.peer.ProbeOptions;
import io.hbagent.testapp.peer.ProbeTimer;
import io.hbagent.testapp.peer.Report;
import io.hbagent.testapp.peer.Span;
import java.io.InputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code heartbeat client}. */
@Command(
    name = "client",
    description = {
      "Keeps a connection, says HeartBeat when the server is silent, and sends the lines you type.",
      "Says how the connection ended and exits with 1, or with 0 after --quit-at-eof."
    })
public final class HeartbeatClient extends ClientProgram {
  @Mixin private final ProbeOptions probes = new ProbeOptions(Span.seconds(25), Span.seconds(5), 5);

  @Option(
      names = "--max-line",
      paramLabel = "BYTES",
      converter = Count.class,
      description = "The longest line the server takes (default: ${DEFAULT-VALUE}).")
  private int maxLine = HeartbeatServer.MAX_LINE;

  /** Creates a client that sends standard input. */
  public HeartbeatClient() {
    this(System.in);
  }

  /** Creates a client that sends the lines of a stream. */
  HeartbeatClient(InputStream in) {
    super(HeartbeatServer.PORT, in);
  }

  @Override
  protected Dialogue dialogue(Report report) {
    return new HeartbeatDialogue(maxLine, report);
  }

  @Override
  protected ProbeTimer timer() {
    return probes.timer();
  }
}
