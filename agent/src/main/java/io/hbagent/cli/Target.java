package io.hbagent.cli;

import io.hbagent.control.Report;
import io.hbagent.control.Request;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The JVM a command is about: brings it a request and brings the answer back. */
final class Target {

  private static final long LOOK_MILLIS = 100;
  private static final String TAKEN_BACK = "the request was taken back, so nothing was changed";

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

  /** Its number and main class. */
  @Override
  public String toString() {
    return "JVM " + jvm.pid + (jvm.main.isEmpty() ? "" : " (" + new File(jvm.main).getName() + ")");
  }

  /** The answer of the agent in it; a failure it tells of is thrown. */
  Report ask(Request.Verb verb, String options) throws CommandException {
    try (RequestFile courier = RequestFile.send(proc, verb, options)) {
      Thread interrupted = new Thread(() -> interrupted(courier), "interrupted");
      Runtime.getRuntime().addShutdownHook(interrupted); // Ctrl-C while it waits
      try {
        return deliver(courier);
      } finally {
        forget(interrupted);
      }
    } catch (IOException e) {
      throw noPost(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("interrupted", e);
    }
  }

  private void interrupted(RequestFile courier) {
    System.err.println(
        "\nhb-agent: interrupted; "
            + (courier.takeBack() ? TAKEN_BACK : this + " has begun with it; see status " + pid()));
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // it runs: the user was quicker than the answer
    }
  }

  /**
   * Its status, again and again, for which the agent is loaded once.
   *
   * @param screen takes it; false when it wants no more
   */
  void watch(long everyMillis, Predicate<Report> screen)
      throws CommandException, InterruptedException {
    try (RequestFile courier = RequestFile.send(proc, Request.Verb.WATCH, "")) {
      Thread end = new Thread(() -> courier.takeBack(), "end");
      Runtime.getRuntime().addShutdownHook(end); // Ctrl-C is how watching ends
      Report report = deliver(courier);
      while (screen.test(report)) {
        Thread.sleep(everyMillis);
        refuseFailure(courier.answer()); // an agent that ends says so over what was read
        courier.next();
        report = next(courier);
      }
    } catch (IOException e) {
      throw noPost(e);
    }
  }

  private Report next(RequestFile courier)
      throws CommandException, IOException, InterruptedException {
    long limit = System.currentTimeMillis() + progress.limitMillis();
    Report report = courier.answer();
    while (report == null) {
      if (System.currentTimeMillis() > limit || (ProcessInfo.isThere() && !proc.isAlive())) {
        throw CommandException.failed(
            this + (proc.isAlive() ? " does not answer any more; was it detached?" : " has ended"));
      }
      Thread.sleep(LOOK_MILLIS);
      report = courier.answer();
    }
    refuseFailure(report);
    return report;
  }

  private void refuseFailure(Report report) throws CommandException {
    if (report != null && report.failure() != null) {
      throw CommandException.failed("in " + this + ": " + report.failure());
    }
  }

  private CommandException noPost(IOException e) {
    return ProcessInfo.isThere() && !proc.isAlive()
        ? CommandException.failed(this + " has ended meanwhile", e)
        : CommandException.failed(
            "cannot leave a request for " + this + " (" + e + "); is /tmp full?", e);
  }

  private Report deliver(RequestFile courier)
      throws CommandException, IOException, InterruptedException {
    Delivery delivery = new Delivery(courier);
    Thread thread = new Thread(delivery, "attach");
    thread.setDaemon(true);
    thread.start();
    if (!progress.await(thread, "waiting for " + this)) {
      throw hangs(courier);
    }
    return answer(courier, delivery.problem);
  }

  /** The attach API may block for ever, so it has a thread of its own, which dies with us. */
  private final class Delivery implements Runnable {

    private final RequestFile courier;
    private volatile Throwable problem;

    Delivery(RequestFile courier) {
      this.courier = courier;
    }

    @Override
    public void run() {
      try (AttachApi machine = connect()) {
        machine.load(jar.getPath(), courier.arguments());
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

  private Report answer(RequestFile courier, Throwable problem)
      throws IOException, CommandException {
    // A JDK 8 that attaches to a newer JVM does not understand that the agent was loaded, so what
    // counts is the answer.
    Report report = courier.answer();
    if (report == null) {
      throw AttachProblems.explain(this, proc, jar, problem, !courier.takeBack());
    }
    refuseFailure(report);
    return report;
  }

  private CommandException hangs(RequestFile courier) {
    boolean untouched = courier.takeBack();
    return CommandException.failed(
        this
            + " does not answer within "
            + TimeUnit.MILLISECONDS.toSeconds(progress.limitMillis())
            + " s"
            + (proc.isStopped()
                ? ", because it is stopped (kill -CONT " + jvm.pid + " lets it go on)"
                : "; it may be busy (try again with --timeout=60) or hang (see jstack)")
            + (untouched ? "; " + TAKEN_BACK : "; it has begun, ask it with: status " + jvm.pid));
  }
}
