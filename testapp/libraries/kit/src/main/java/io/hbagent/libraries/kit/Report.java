package io.hbagent.libraries.kit;

import io.hbagent.testapp.probe.Kernel;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The lines a scenario prints for the runner, their words separated by tabs. May be used by any
 * thread.
 */
public final class Report {

  private static final BufferedReader ANSWERS =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

  /** Eight intervals of the sweep, and some more. */
  private static final Duration CHANGES_WITHIN = Duration.ofSeconds(6);

  private static final Duration POLL = Duration.ofMillis(100);

  private final String variant;

  Report(String variant) {
    this.variant = variant;
  }

  /**
   * Returns a report for one of several ways to use the library; each has its own rows in the
   * table.
   */
  public Report variant(String name) {
    return new Report(name);
  }

  /** Sets the name and version of the other end, for the table. */
  public Report against(String peer) {
    send("against", variant, peer);
    return this;
  }

  /** Adds a note to the table's rows, a short sentence. */
  public Report note(String text) {
    send("note", variant, text);
    return this;
  }

  /** Notes that the library sets keepalive's timers without being configured to. */
  public Report ownTimers() {
    send("own-timers", variant, "**sets timers of its own**");
    return this;
  }

  /** Skips this variant, because it cannot be run here. */
  public void skip(String why) {
    send("skipped", variant, why);
  }

  /**
   * Requests a server from the runner, which keeps it for other scenarios.
   *
   * @param server its name, as in the runner's {@code Servers}
   * @return its port on 127.0.0.1
   * @throws Exception if there is none on this machine, which skips the scenario
   */
  public int need(String server) throws Exception {
    send("need", server);
    String answer = ANSWERS.readLine();
    if (answer == null) {
      throw new EOFException("no answer from the runner to: need " + server);
    }
    String[] words = answer.split("\t", 3);
    if (!words[0].equals("port")) {
      throw new Unavailable(words[1]);
    }
    against(words[2]);
    return Integer.parseInt(words[1]);
  }

  /** Reports every connection of this process to a port. There must be one. */
  public void client(int port) throws IOException {
    connections("client", 0, port);
  }

  /** Reports every connection this process has accepted on a port. There must be one. */
  public void server(int port) throws IOException {
    connections("server", port, 0);
  }

  /**
   * The same for options that are set natively, which no hook sees: reported when they have
   * changed, or after some seconds in which they have not.
   */
  public void clientInTheEnd(int port) throws IOException {
    awaitChange(0, port);
    client(port);
  }

  /** The same for connections that are accepted natively. */
  public void serverInTheEnd(int port) throws IOException {
    awaitChange(port, 0);
    server(port);
  }

  private static void awaitChange(int localPort, int remotePort) throws IOException {
    List<String> first = Kernel.tcpOptions(localPort, remotePort);
    long end = System.nanoTime() + CHANGES_WITHIN.toNanos();
    while (System.nanoTime() < end && Kernel.tcpOptions(localPort, remotePort).equals(first)) {
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private void connections(String role, int localPort, int remotePort) throws IOException {
    for (String options : Kernel.tcpOptions(localPort, remotePort)) {
      send("connection", variant, role, options);
    }
  }

  static void send(String... words) {
    io.hbagent.testapp.probe.Report.line(String.join("\t", words));
  }
}
