package io.hbagent.testapp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What the clients share: connect, send messages and wait for their echo, stay connected, close.
 */
abstract class Client implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final Endpoint endpoint = new Endpoint(Endpoint.DEFAULT_PORT);

  @Option(
      names = "--message",
      paramLabel = "TEXT",
      description = "What to send (default: ${DEFAULT-VALUE}).")
  private String message = "hello";

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "How often to send it; 0 sends nothing (default: ${DEFAULT-VALUE}).")
  private int count = 1;

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      converter = Seconds.class,
      defaultValue = "1",
      description = "Pause between two messages (default: ${DEFAULT-VALUE}).")
  private long interval;

  @Option(
      names = "--hold",
      paramLabel = "SECONDS",
      converter = Seconds.class,
      defaultValue = "0",
      description =
          "Keep the idle connection open for so long at the end (default: ${DEFAULT-VALUE}).")
  private long hold;

  abstract Link connect(InetSocketAddress address) throws IOException;

  @Override
  public final Integer call() {
    InetSocketAddress address = endpoint.address();
    Link link;
    try {
      link = connect(address);
    } catch (IOException e) {
      throw Failure.toConnect(endpoint, e);
    }
    long start = System.nanoTime();
    try (Link open = link) {
      say("connected " + open.local() + " -> " + open.remote());
      talk(open);
    } catch (IOException e) {
      say("connection died after " + Seconds.since(start) + ": " + Failure.text(e));
      return spec.exitCodeOnExecutionException();
    }
    say("closed after " + Seconds.since(start));
    return 0;
  }

  private void talk(Link link) throws IOException {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    for (int i = 1; i <= count; i++) {
      long sent = System.nanoTime();
      link.exchange(bytes);
      say("echo " + i + " of " + count + " after " + Seconds.since(sent));
      if (i < count) {
        link.idle(interval);
      }
    }
    link.idle(hold);
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
  }
}
