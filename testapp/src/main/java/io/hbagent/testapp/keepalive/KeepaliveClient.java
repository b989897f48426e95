package io.hbagent.testapp.keepalive;

import io.hbagent.testapp.Endpoint;
import io.hbagent.testapp.Failure;
import io.hbagent.testapp.peer.ClientProgram;
import io.hbagent.testapp.peer.Dialogue;
import io.hbagent.testapp.peer.ProbeTimer;
import io.hbagent.testapp.peer.Report;
import java.io.InputStream;
import java.nio.channels.SocketChannel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code keepalive client}. */
@Command(
    name = "client",
    description = {
      "Keeps a connection whose keepalive it sets itself through jdk.net.ExtendedSocketOptions"
          + " (Java 11 or newer), sends the lines you type, and shows what comes back.",
      "On Windows the same options do what SIO_KEEPALIVE_VALS does there; that needs Java 21 or"
          + " newer. An option that cannot be set is reported, and the others hold.",
      "Any server will do: 'echo server' is the default one."
    })
public final class KeepaliveClient extends ClientProgram {
  private static final String IMPLEMENTATION = "io.hbagent.testapp.keepalive.JdkKeepalive";

  @Mixin private final KeepaliveOptions options = new KeepaliveOptions();
  private Keepalive keepalive;

  /** Creates a client that sends standard input. */
  public KeepaliveClient() {
    this(System.in);
  }

  /** Creates a client that sends the lines of a stream. */
  KeepaliveClient(InputStream in) {
    super(Endpoint.DEFAULT_PORT, in);
  }

  @Override
  protected void prepare() {
    keepalive = load(IMPLEMENTATION);
  }

  @Override
  protected void connected(SocketChannel channel, Report report) {
    options.apply(keepalive, channel, report);
  }

  /** Returns the class that sets options, if the JDK has them. */
  static Keepalive load(String className) {
    try {
      return Class.forName(className)
          .asSubclass(Keepalive.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (LinkageError | ReflectiveOperationException e) {
      // UnsupportedClassVersionError before Java 11, NoClassDefFoundError without module jdk.net.
      throw new Failure(
          "jdk.net.ExtendedSocketOptions with keepalive needs Java 11 or newer, and this is Java "
              + System.getProperty("java.version"),
          e);
    }
  }

  @Override
  protected Dialogue dialogue(Report report) {
    return new EchoDialogue(report);
  }

  /** Returns no timer, because the kernel probes. */
  @Override
  protected ProbeTimer timer() {
    return ProbeTimer.never();
  }
}
