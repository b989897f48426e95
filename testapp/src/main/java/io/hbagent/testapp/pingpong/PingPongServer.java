package io.hbagent.testapp.pingpong;

import io.hbagent.testapp.Seconds;
import io.hbagent.testapp.peer.Report;
import io.hbagent.testapp.peer.ServerProgram;
import io.hbagent.testapp.peer.Service;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code pingpong server}. */
@Command(
    name = "server",
    description = {
      "Answers every PING with PONG and every message with itself.",
      "A frame is a big-endian 32-bit type (1 PING, 2 PONG, 11 and 22 messages) and 1,024 bytes."
    })
public final class PingPongServer extends ServerProgram {
  static final int PORT = 50005;

  @Mixin private final MessageTypes types = new MessageTypes();

  @Option(
      names = "--reply-delay",
      paramLabel = "SECONDS",
      converter = Seconds.class,
      defaultValue = "0",
      description = "How long every answer is held back (default: ${DEFAULT-VALUE}).")
  private long replyDelay;

  /** Creates a server on its default port. */
  public PingPongServer() {
    super(PORT);
  }

  @Override
  protected Service service(int maxClients, Report report) {
    return new PingPongService(
        types, TimeUnit.MILLISECONDS.toNanos(replyDelay), System::nanoTime, report);
  }
}
