package io.hbagent.cli;

import io.hbagent.control.Report;
import io.hbagent.control.Request;
import io.hbagent.text.Printable;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The JVM of a command: sends it a request and returns the answer. */
final class Target {

  private static final long LOOK_MILLIS = 100;

  /** Time a JVM may take to load an agent, on a busy machine. */
  private static final long LOADING_MILLIS = 2_000;

  private static final String WITHDRAWN = "the request was withdrawn, so nothing was changed";

  private static final String TAKEN =
      "the JVM has taken the request and may still carry it out; see status ";

  private final Jvm jvm;
  private final ProcessInfo proc;
  private final File jar;
  private final Class<?> api;
  private final Progress progress;

  private Target(Jvm jvm, Class<?> api, File jar, Progress progress) {
    this.jvm = jvm;
    this.proc = new ProcessInfo(jvm.pid);
    this.api = api;
    this.jar = jar;
    this.progress = progress;
  }

  /**
   * Finds it, and checks all that can be known before it is touched.
   *
   * @param command as the user would type it again, for the cures that repeat it
   */
  static Target of(String name, String command, Progress progress) throws CommandException {
    Jvm jvm = JvmFinder.find(name);
    Class<?> api = AttachApi.find();
    ProcessInfo proc = new ProcessInfo(jvm.pid);
    File jar = jar();
    if (jar.getPath().indexOf('=') >= 0) {
      // A JVM reads what it is given as PATH=OPTIONS, and there is no way to quote a part of it.
      throw CommandException.failed(
          jar
              + " has an equals sign in its path, and a JVM takes the path of an agent to end there;"
              + " move or copy it to a path without one, and run it from there");
    }
    if (api == null) {
      String home = proc.javaHome();
      throw CommandException.failed(
          "the Java that runs this command ("
              + System.getProperty("java.home")
              + ") cannot attach: it has no module jdk.attach; use the java of a JDK"
              + (home == null ? "" : ", perhaps that of the JVM itself: " + home + "/bin/java")
              + " -jar "
              + ShellQuoting.word(jar.getPath())
              + " "
              + command);
    }
    AttachChecks.all(jvm, proc, jar, command);
    return new Target(jvm, api, jar, progress);
  }

  private static File jar() throws CommandException {
    try {
      return new File(Target.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .getCanonicalFile();
    } catch (URISyntaxException | IOException e) {
      throw CommandException.failed("cannot find its own jar; run it as java -jar hb-agent.jar", e);
    }
  }

  /** The name of the agent's jar, which an agent at work holds open. */
  static String jarName() throws CommandException {
    return jar().getName();
  }

  String pid() {
    return jvm.pid;
  }

  /** Returns its number and main class or jar, printable. */
  @Override
  public String toString() {
    String main = Printable.of(new File(jvm.main).getName());
    return "JVM " + jvm.pid + (main.isEmpty() ? "" : " (" + main + ")");
  }

  /**
   * Sends a request and returns the agent's answer.
   *
   * @param done the possible values of what the answer must report as done; none for a status
   * @throws CommandException also for a failure that the agent reports
   */
  Report ask(Request.Verb verb, String options, String... done) throws CommandException {
    try (RequestFile file = RequestFile.send(proc, verb, options, agentMillis())) {
      Thread interrupted = onInterrupt(() -> interrupted(file)); // Ctrl-C while it waits
      try {
        Report report = deliver(file);
        String what = report.first("done").text("what");
        if (done.length > 0 && !Arrays.asList(done).contains(what)) {
          throw CommandException.failed(
              this + " does not confirm that it was done (" + what + "); see status " + pid());
        }
        return report;
      } finally {
        remove(interrupted);
      }
    } catch (IOException e) {
      throw cannotSend(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("interrupted", e);
    }
  }

  /** Returns whether a thread of the agent runs in it, {@code waitMillis} from now. */
  boolean hasAgentThread(long waitMillis) throws InterruptedException {
    long limit = System.currentTimeMillis() + waitMillis;
    while (proc.hasThread("hb-agent")) {
      if (System.currentTimeMillis() > limit) {
        return true;
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return false;
  }

  /**
   * The agent gives up before the command does, so that its own reason is shown, and the next
   * command finds the JVM's attach thread free.
   */
  private long agentMillis() {
    long limit = progress.limitMillis();
    return Math.max(limit / 2, limit - LOADING_MILLIS);
  }

  private void interrupted(RequestFile file) {
    System.err.println("\nhb-agent: interrupted; " + (file.withdraw() ? WITHDRAWN : TAKEN + pid()));
  }

  private static Thread onInterrupt(Runnable action) {
    Thread hook = new Thread(action, "interrupted");
    Runtime.getRuntime().addShutdownHook(hook);
    return hook;
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It runs: Ctrl-C came before the answer.
    }
  }

  /**
   * Shows its status again and again, for which the agent is loaded once.
   *
   * @param screen shows it; returns false to end
   */
  void watch(long everyMillis, Predicate<Report> screen)
      throws CommandException, InterruptedException {
    try (RequestFile file = RequestFile.send(proc, Request.Verb.WATCH, "", agentMillis())) {
      Thread end = onInterrupt(file::withdraw); // Ctrl-C is how watching ends
      try {
        Report report = deliver(file);
        while (screen.test(report)) {
          Thread.sleep(everyMillis);
          check(file.answer()); // an agent that ends writes so over what was read
          file.next();
          report = next(file);
        }
      } finally {
        remove(end);
      }
    } catch (IOException e) {
      throw cannotSend(e);
    }
  }

  private Report next(RequestFile file) throws CommandException, IOException, InterruptedException {
    long limit = System.currentTimeMillis() + progress.limitMillis();
    Report report = file.answer();
    while (report == null) {
      if (System.currentTimeMillis() > limit || (ProcessInfo.isThere() && !proc.isAlive())) {
        throw CommandException.failed(
            this + (proc.isAlive() ? " does not answer any more" + silence() : " has ended"));
      }
      Thread.sleep(LOOK_MILLIS);
      report = file.answer();
    }
    check(report);
    return report;
  }

  /** Throws the failure that an answer reports. */
  private void check(Report report) throws CommandException {
    if (report != null && report.failure() != null) {
      throw CommandException.failed("in " + this + ": " + report.failure());
    }
  }

  private CommandException cannotSend(IOException e) {
    return ProcessInfo.isThere() && !proc.isAlive()
        ? CommandException.failed(this + " has ended", e)
        : CommandException.failed(
            "cannot leave a request for " + this + " (" + e + "); is /tmp full?", e);
  }

  private Report deliver(RequestFile file)
      throws CommandException, IOException, InterruptedException {
    Delivery delivery = new Delivery(file);
    Thread thread = new Thread(delivery, "attach");
    thread.setDaemon(true);
    thread.start();
    if (!progress.await(thread, "waiting for " + this)) {
      throw hangs(file);
    }
    return answer(file, delivery.problem);
  }

  /** The attach API may block for ever, so it has a thread of its own, which dies with us. */
  private final class Delivery implements Runnable {

    private final RequestFile file;
    private volatile Throwable problem;

    Delivery(RequestFile file) {
      this.file = file;
    }

    @Override
    public void run() {
      try (AttachApi machine = connect()) {
        machine.load(jar.getPath(), file.arguments());
      } catch (Exception | LinkageError e) {
        problem = e;
      }
    }
  }

  private AttachApi connect() throws Exception {
    try {
      return AttachApi.attach(api, Long.parseLong(jvm.pid));
    } catch (IOException e) {
      if (!new AttachSocket(proc).removeLeft()) {
        throw e;
      }
      return AttachApi.attach(api, Long.parseLong(jvm.pid));
    }
  }

  private Report answer(RequestFile file, Throwable problem) throws IOException, CommandException {
    // A JDK 8 that attaches to a newer JVM does not understand that the agent was loaded, so what
    // counts is the answer.
    Report report = file.answer();
    if (report == null) {
      throw noAnswer(problem, !file.withdraw());
    }
    check(report);
    return report;
  }

  private CommandException hangs(RequestFile file) {
    boolean untouched = file.withdraw();
    return CommandException.failed(
        this
            + " does not answer within "
            + TimeUnit.MILLISECONDS.toSeconds(progress.limitMillis())
            + " s"
            + silence()
            + (untouched ? "; " + WITHDRAWN : "; " + TAKEN + jvm.pid));
  }

  /** Returns the probable cause of no answer and its cure, as the rest of a sentence. */
  private String silence() {
    return proc.isStopped()
        ? ", because it is stopped (kill -CONT " + jvm.pid + " lets it go on)"
        : "; it may be busy (try again with --timeout=60) or hang (see jstack)";
  }

  /**
   * Returns the failure of a request that got no answer.
   *
   * @param problem as the attach API threw it, or null
   * @param begun if the agent has taken the request
   */
  private CommandException noAnswer(Throwable problem, boolean begun) {
    if (problem instanceof CommandException) {
      return (CommandException) problem;
    }
    String message = problem == null ? "" : String.valueOf(problem.getMessage());
    if (message.contains("Dynamic agent loading is not enabled")) {
      return AttachChecks.noDynamicLoading(proc, problem);
    }
    if (!proc.isAlive() && ProcessInfo.isThere()) {
      return CommandException.failed(this + " has ended; the list command shows the JVMs", problem);
    }
    if (message.contains("Agent JAR not found")) {
      return AttachChecks.unseen(toString(), proc, jar, problem);
    }
    if (begun) {
      return CommandException.failed(
          this
              + " has loaded the agent, but got no answer from it; see what it printed on its"
              + " standard error",
          problem);
    }
    if (problem == null) {
      // Its AgentMain is that of the first jar it was given, which reads the rest from its path.
      String first = proc.openFile(".*/[^/]*hb.?agent[^/]*\\.jar( \\(deleted\\))?");
      return CommandException.failed(
          this
              + " could not read the agent's classes, and nothing was changed: it reads them from"
              + " the path of the first hb-agent.jar it was given, "
              + (first == null ? jar : first.replace(" (deleted)", ""))
              + "; if another version is there now, put the first one back or restart the"
              + " application, and see what it printed on its standard error");
    }
    if (message.contains("socket file") || message.contains("not responding")) {
      return CommandException.failed(
          this
              + " does not open its attach socket; it hangs, or was started with"
              + " -XX:+DisableAttachMechanism: see jstack, or restart it with"
              + " -javaagent:hb-agent.jar=OPTIONS",
          problem);
    }
    AttachSocket socket = new AttachSocket(proc);
    if (socket.isForeign()) {
      // AttachSocket.removeLeft takes it for one of the same name in another container.
      return CommandException.failed(
          this
              + " does not listen at "
              + socket
              + ", which an earlier JVM with the same process ID may have left; delete that file"
              + " where the JVM sees it, and try again",
          problem);
    }
    return CommandException.failed(
        "cannot attach to "
            + this
            + " ("
            + problem
            + "); try with the java of its own JDK"
            + (proc.javaHome() == null ? "" : ", " + proc.javaHome() + "/bin/java"),
        problem);
  }
}
