package io.hbagent.testapp.pingpong;

import io.hbagent.testapp.peer.ClientProgram;
import io.hbagent.testapp.peer.Dialogue;
import io.hbagent.testapp.peer.ProbeOptions;
import io.hbagent.testapp.peer.ProbeTimer;
import io.hbagent.testapp.peer.Report;
import io.hbagent.testapp.peer.Span;
import java.io.InputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code pingpong client}. */
@Command(
    name = "client",
    description = {
      "Keeps a connection, asks PING when the server is silent, and sends the lines you type.",
      "Says how the connection ended and exits with 1, or with 0 after --quit-at-eof."
    })
public final class PingPongClient extends ClientProgram {
  @Mixin private final ProbeOptions probes = new ProbeOptions(Span.seconds(10), Span.seconds(3), 3);

  @Mixin private final MessageTypes types = new MessageTypes();

  @Option(
      names = "--second",
      description = "Send typed lines as the second message type, not the first.")
  private boolean second;

  /** Creates a client that sends standard input. */
  public PingPongClient() {
    this(System.in);
  }

  /** Creates a client that sends the lines of a stream. */
  PingPongClient(InputStream in) {
    super(PingPongServer.PORT, in);
  }

  @Override
  protected Dialogue dialogue(Report report) {
    return new PingPongDialogue(types, second ? types.second() : types.first(), report);
  }

  @Override
  protected ProbeTimer timer() {
    return probes.timer();
  }
}
