package io.hbagent.cli;

import io.hbagent.control.Report;
import io.hbagent.control.Request;
import io.hbagent.text.Printable;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** The JVM of a command: sends it a request and returns the answer. */
final class Target {

  private static final long POLL_MILLIS = 100;

  /** Between two reports to one who watches. */
  private static final long WATCH_MILLIS = 2_000;

  private static final String WITHDRAWN = "the request was withdrawn, so nothing was changed";

  private static final String TAKEN =
      "the JVM has taken the request and may still carry it out; see status ";

  private final ProcessInfo process;
  private final String text;
  private final File jar;
  private final Progress progress;

  private Target(ProcessInfo process, File jar, Progress progress) {
    this.process = process;
    String main = Printable.of(new File(process.main()).getName());
    this.text = "JVM " + process.pid + (main.isEmpty() ? "" : " (" + main + ")");
    this.jar = jar;
    this.progress = progress;
  }

  /** Finds it by number or name, and checks all that can be known before it is touched. */
  static Target of(String name, Progress progress) throws CommandException {
    ProcessInfo process = JvmFinder.find(name);
    File jar = jar();
    if (jar.getPath().indexOf('=') >= 0) {
      // A JVM reads what it is given as PATH=OPTIONS, and there is no way to quote a part of it.
      throw CommandException.failed(
          "%s has an equals sign in its path, and a JVM takes the path of an agent to end there;"
              + " move or copy it to a path without one, and run it from there",
          jar);
    }
    if (!AttachApi.isAvailable()) {
      String home = process.javaHome();
      throw CommandException.failed(
          "the Java that runs this command (%s) cannot attach: it has no module jdk.attach; use the"
              + " java of a JDK%s -jar %s %s",
          System.getProperty("java.home"),
          home == null ? "" : ", perhaps that of the JVM itself: " + home + "/bin/java",
          Text.shellWord(jar.getPath()),
          progress.command());
    }
    AttachChecks.all(process, jar, progress.command());
    return new Target(process, jar, progress);
  }

  /** Returns the agent's jar, which an agent at work holds open. */
  static File jar() throws CommandException {
    try {
      return new File(Target.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .getCanonicalFile();
    } catch (URISyntaxException | IOException e) {
      throw CommandException.failed(e, "cannot find its own jar; run it as java -jar hb-agent.jar");
    }
  }

  String pid() {
    return process.pid;
  }

  /** Returns its number and main class or jar, printable. */
  @Override
  public String toString() {
    return text;
  }

  /**
   * Sends a request and returns the agent's answer.
   *
   * @param done the possible values of what the answer must report as done; none for a status
   * @throws CommandException also for a failure that the agent reports
   */
  Report ask(Request.Verb verb, String options, String... done)
      throws CommandException, InterruptedException {
    Report report = send(verb, options, first -> false);
    String what = report.first("done").text("what");
    if (done.length > 0 && !Arrays.asList(done).contains(what)) {
      throw CommandException.failed(
          "%s does not confirm that it was done (%s); see status %s", this, what, pid());
    }
    return report;
  }

  /**
   * Shows its status again and again, for which the agent is loaded once.
   *
   * @param screen shows it; returns false to end
   */
  void watch(Predicate<Report> screen) throws CommandException, InterruptedException {
    send(Request.Verb.WATCH, "", screen);
  }

  /** Sends a request; returns its answer or, of a watch, the last one. */
  private Report send(Request.Verb verb, String options, Predicate<Report> more)
      throws CommandException, InterruptedException {
    // The agent gives up before the command does, so that its own reason is shown, and the next
    // command finds the JVM's attach thread free. The rest is for loading it, and for a detach
    // without its thread, on a busy machine.
    long agentMillis = progress.limitMillis() * 3 / 4;
    try (RequestFile file = RequestFile.send(process, verb, options, agentMillis)) {
      Thread interrupted = new Thread(() -> interrupted(verb, file), "interrupted");
      Runtime.getRuntime().addShutdownHook(interrupted); // Ctrl-C
      try {
        Report report = deliver(file);
        while (more.test(report)) {
          Thread.sleep(WATCH_MILLIS);
          check(file.answer()); // an agent that ends writes so over what was read
          file.next();
          report = next(file);
        }
        return report;
      } finally {
        remove(interrupted);
      }
    } catch (IOException e) {
      throw process.isAlive()
          ? CommandException.failed(e, "cannot leave a request for %s (%s); is /tmp full?", this, e)
          : CommandException.failed(e, "%s has ended", this);
    }
  }

  /** Withdraws the request; a watch is ended so, which is nothing to report. */
  private void interrupted(Request.Verb verb, RequestFile file) {
    boolean untouched = file.withdraw();
    if (verb != Request.Verb.WATCH) {
      System.err.println("\nhb-agent: interrupted; " + (untouched ? WITHDRAWN : TAKEN + pid()));
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It runs: Ctrl-C came before the answer.
    }
  }

  private Report deliver(RequestFile file)
      throws CommandException, IOException, InterruptedException {
    Throwable problem = null;
    try {
      progress.await(text, () -> AttachApi.load(pid(), jar.getPath(), file.arguments()));
    } catch (ExecutionException e) {
      problem = e.getCause();
    } catch (TimeoutException e) {
      throw CommandException.failed(
          "%s does not answer within %s s%s; %s",
          this,
          TimeUnit.MILLISECONDS.toSeconds(progress.limitMillis()),
          silence(),
          file.withdraw() ? WITHDRAWN : TAKEN + pid());
    }
    // A JDK 8 that attaches to a newer JVM does not understand that the agent was loaded, so what
    // counts is the answer.
    Report report = file.answer();
    if (report == null) {
      throw noAnswer(problem, !file.withdraw());
    }
    return check(report);
  }

  private Report next(RequestFile file) throws CommandException, IOException, InterruptedException {
    long limit = System.currentTimeMillis() + progress.limitMillis();
    Report report = file.answer();
    while (report == null) {
      if (!process.isAlive()) {
        throw CommandException.failed("%s has ended", this);
      }
      if (System.currentTimeMillis() > limit) {
        throw CommandException.failed("%s does not answer any more%s", this, silence());
      }
      Thread.sleep(POLL_MILLIS);
      report = file.answer();
    }
    return check(report);
  }

  /** Returns an answer, or null; throws the failure that it reports. */
  private Report check(Report report) throws CommandException {
    if (report != null && report.failure() != null) {
      throw CommandException.failed("in %s: %s", this, report.failure());
    }
    return report;
  }

  /** Returns the probable cause of no answer and its cure, as the rest of a sentence. */
  private String silence() {
    return process.isStopped()
        ? ", because it is stopped (kill -CONT " + pid() + " lets it go on)"
        : "; it may be busy (try again with --timeout=60) or hang (see jstack)";
  }

  /**
   * Returns the failure of a request that got no answer.
   *
   * @param problem as the attach API threw it, or null
   * @param begun if the agent has taken the request
   */
  private CommandException noAnswer(Throwable problem, boolean begun) {
    String message = problem == null ? "" : String.valueOf(problem.getMessage());
    if (message.contains("Dynamic agent loading is not enabled")) {
      return AttachChecks.noDynamicLoading(process, problem);
    }
    if (!process.isAlive()) {
      return CommandException.failed(
          problem, "%s has ended; the list command shows the JVMs", this);
    }
    if (message.contains("Agent JAR not found")) {
      return AttachChecks.jarNotReadable(text, process, jar, problem);
    }
    if (begun) {
      return CommandException.failed(
          problem,
          "%s has loaded the agent, but got no answer from it; see what it printed on its standard"
              + " error",
          this);
    }
    if (problem == null) {
      // Its AgentMain is that of the first jar it was given, which reads the rest from its path.
      String first = process.missingAgentJar();
      if (first == null) {
        first = process.openFile(".*/[^/]*hb.?agent[^/]*\\.jar( \\(deleted\\))?");
      }
      return CommandException.failed(
          "%s could not read the agent's classes, and nothing was changed: it reads them from the"
              + " path of the first hb-agent.jar it was given%s; if that file is missing or of"
              + " another version now, put the first one back or restart the application, and see"
              + " what it printed on its standard error",
          this, first == null ? "" : ", " + first.replace(" (deleted)", ""));
    }
    if (message.contains("socket file") || message.contains("not responding")) {
      return CommandException.failed(
          problem,
          "%s does not open its attach socket; it hangs, or was started with"
              + " -XX:+DisableAttachMechanism: see jstack, or restart it with"
              + " -javaagent:hb-agent.jar=OPTIONS",
          this);
    }
    // A JVM deletes the socket of a killed one with its process ID when it starts, if it may.
    String uid = process.attachSocketUid();
    if (!uid.isEmpty() && !uid.equals(process.effectiveUid())) {
      return CommandException.failed(
          problem,
          "%s does not listen at %s, which an earlier JVM with the same process ID may have left;"
              + " delete that file where the JVM sees it, and try again",
          this,
          process.attachSocket());
    }
    String home = process.javaHome();
    return CommandException.failed(
        problem,
        "cannot attach to %s (%s); try with the java of its own JDK%s",
        this,
        problem,
        home == null ? "" : ", " + home + "/bin/java");
  }

  /** Returns whether a thread of the agent still runs in it after a time. */
  boolean hasAgentThread(long waitMillis) throws InterruptedException {
    long limit = System.currentTimeMillis() + waitMillis;
    while (process.hasThread("hb-agent")) {
      if (System.currentTimeMillis() > limit) {
        return true;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return false;
  }
}
