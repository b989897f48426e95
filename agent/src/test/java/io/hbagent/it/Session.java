package io.hbagent.it;

import java.io.IOException;
import java.util.List;

/** An application that opens, reads and closes connections on request. */
final class Session implements AutoCloseable {

  private final Forked app;

  Session(Jvm jvm) throws IOException, InterruptedException {
    app = jvm.start("session");
    app.awaitOut(0, "ready"::equals);
  }

  Forked app() {
    return app;
  }

  /**
   * Sends a command and returns the lines it printed: for open and read, the client and the server.
   */
  List<ProbeRun.Line> command(String command) throws InterruptedException {
    int from = app.out().size();
    app.send(command);
    String answer =
        app.awaitOut(from, line -> line.equals("ok " + command) || line.startsWith("error "));
    if (answer.startsWith("error ")) {
      throw new AssertionError(app.describe(answer));
    }
    List<String> out = app.out();
    return ProbeRun.lines(out.subList(from, out.size()));
  }

  /** Returns the options of both ends, after checking that they are equal. */
  String both(String command) throws InterruptedException {
    List<ProbeRun.Line> ends = command(command);
    if (ends.size() != 2 || !ends.get(0).options().equals(ends.get(1).options())) {
      throw new AssertionError(app.describe("the same options on both ends, not " + ends));
    }
    return ends.get(0).options();
  }

  /** Ends the application, and checks for exit code 0 and no failure of the agent. */
  void end() throws IOException, InterruptedException {
    app.closeInput();
    ProbeRun run = new ProbeRun(app, app.exit());
    run.check(run.exit() == 0, "exit 0");
    run.noFailures();
  }

  @Override
  public void close() {
    app.close();
  }
}
