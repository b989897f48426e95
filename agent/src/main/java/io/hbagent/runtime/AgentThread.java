package io.hbagent.runtime;

import io.hbagent.config.Settings;
import io.hbagent.control.Report;
import io.hbagent.control.Request;
import io.hbagent.control.StartLog;
import io.hbagent.hook.Failures;
import io.hbagent.hook.Hooks;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.OpenConnections;
import io.hbagent.keepalive.SelfTest;
import io.hbagent.log.DaemonThread;
import io.hbagent.log.Log;
import java.io.Closeable;
import java.io.IOException;
import java.security.PrivilegedAction;

/**
 * The agent's thread: it does what need not be done on a thread of the application, and fills the
 * log's queue.
 *
 * <p>At a start with the JVM it loads what weaving needs while the main thread reads the options
 * and installs the hooks. Then it weaves and logs the start line. From there on it answers
 * requests, and checks what has changed or is due: twice a second, at rest every 1.2 s.
 *
 * <p>It runs beside the application's main, which may set system properties that a class of the JDK
 * reads when it is initialised ({@code java.net.preferIPv4Stack}), or have none at all for a while.
 * So until the application's first connection it initialises nothing of the JDK's network, file
 * system, security or management; see {@link AgentService#runSteps}.
 *
 * <p>Only a detach ends it. What is thrown in one check is counted, and the next one is made. Where
 * the process could not have one more thread, the next request starts it.
 */
final class AgentThread implements PrivilegedAction<Void> {

  private static final long CHECK_MILLIS = 500;

  /**
   * The same where nothing is under way. A change of the file must be in force within 2 s: it is
   * seen at such a check, and counts at the next one, after the shorter time.
   */
  private static final long REST_MILLIS = 1_200;

  /** The application is starting: its class loading and the JVM's compilers want the processors. */
  private static final long STAND_ASIDE_MILLIS = 250;

  /** Limit of a wait for the thread to end, far above what a detach takes. */
  private static final long END_LIMIT_MILLIS = 20_000;

  private volatile DaemonThread thread;
  private RequestQueue queue;
  private Hooks hooks;
  private Settings settings;
  private SettingsSource source;
  private KeepaliveManager manager;
  private ConnectionListener listener;

  /** The attach that this thread carries out; null at a start with the JVM. */
  private RequestQueue.Entry attach;

  private volatile AgentService service;
  private boolean begun;
  private boolean logs;
  private boolean finished;

  /** Nothing is left to do: the agent is not wanted, could not start, or was detached. */
  private volatile boolean over;

  /**
   * Starts the thread, or another one in its place.
   *
   * @throws OutOfMemoryError where the process may have no more threads
   */
  synchronized void start() {
    DaemonThread fresh = new DaemonThread("hb-agent", this);
    fresh.start();
    thread = fresh;
  }

  /** Returns whether the thread is alive, after an attempt to start it where it is not. */
  synchronized boolean isRunning() {
    if (isAlive() || over) {
      return isAlive();
    }
    try {
      start();
      return true;
    } catch (OutOfMemoryError | SecurityException e) {
      return false;
    }
  }

  /** Returns whether the thread is alive. Without a lock, which it may hold where it hangs. */
  boolean isAlive() {
    DaemonThread current = thread;
    return current != null && current.isAlive();
  }

  /** Returns whether this is the thread that calls. */
  boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  /** Returns whether nothing is left to do; after a detach, say. */
  boolean isOver() {
    return over;
  }

  /**
   * Lets the thread go on once the hooks are installed; or before its start, which then follows
   * their installation.
   *
   * @param newAttach the attach it carries out, or null
   */
  synchronized void proceed(
      Hooks newHooks,
      Settings newSettings,
      SettingsSource newSource,
      KeepaliveManager newManager,
      ConnectionListener newListener,
      RequestQueue.Entry newAttach) {
    attach = newAttach;
    hooks = newHooks;
    settings = newSettings;
    source = newSource;
    manager = newManager;
    listener = newListener;
    notifyAll();
  }

  /** Lets the thread end: there is nothing to do for it. */
  synchronized void dismiss() {
    over = true;
    notifyAll();
  }

  /** Returns the requests to this thread. Their classes are not loaded before main. */
  synchronized RequestQueue queue() {
    if (queue == null) {
      queue = new RequestQueue(this::isAlive);
    }
    return queue;
  }

  /**
   * Has a request handled and returns the answer, both as text: by this thread, or without it where
   * it does not answer. On the thread of an attach, of a JMX client or of a second agent.
   */
  String ask(String text) {
    Request request = Request.parse(text);
    if (request == null) {
      return Report.failed("it does not understand this; use its own version of hb-agent.jar")
          .toString();
    }
    return ask(request).toString();
  }

  private Report ask(Request request) {
    if (!isRunning()) {
      return withoutThread(request);
    }
    RequestQueue.Entry entry = queue().ask(request);
    if (entry.answer != null) {
      if (isDetached()) {
        thread.awaitEnd(END_LIMIT_MILLIS);
      }
      return entry.answer;
    }
    if (isAlive() && entry.taken) {
      return Report.failed("it has begun with this, and is not through yet; see status");
    }
    if (isAlive() && !request.isDetach()) {
      return Report.failed(
          "the agent's thread is busy; the request was withdrawn, so nothing was changed: try again"
              + " with a longer --timeout, or see what its thread hb-agent does (jstack)");
    }
    return withoutThread(request);
  }

  /** Answers on the thread that asks, where the agent's hangs or cannot be started. */
  private Report withoutThread(Request request) {
    if (isOver() || isDetached()) {
      return Report.failed("hb-agent was detached");
    }
    if (!request.isDetach()) {
      return Report.failed("the agent's thread " + problem() + "; detach works all the same");
    }
    boolean hangs = isAlive();
    String remains = hangs ? "its thread, which " + problem() : null;
    Report report = service().detach(request.verb == Request.Verb.RESTORE, remains);
    if (!hangs) { // else the thread does the rest when it goes on
      end();
    }
    return report;
  }

  /** Returns why the thread does not answer, as the rest of a sentence. On any other thread. */
  String problem() {
    if (!isAlive()) {
      return "cannot be started: the process may have no more threads (ulimit -u, pids.max)";
    }
    StackTraceElement[] stack = thread.getStackTrace();
    return "does not answer" + (stack.length == 0 ? "" : ", it is in " + stack[0]);
  }

  /** Returns the agent at work, made by the first call. */
  private synchronized AgentService service() {
    if (service == null) {
      service =
          new AgentService(
              hooks, hooks::weaveCloses, manager, listener, source, settings, this::ask);
    }
    return service;
  }

  private boolean isDetached() {
    AgentService current = service;
    return current != null && current.hasEnded();
  }

  @Override
  public Void run() {
    try {
      begun = begun || begin();
      if (begun) {
        answerAndCheck();
      } else {
        dismiss();
      }
    } catch (Throwable e) {
      count(e);
    } finally {
      if (isDetached()) {
        end();
      }
    }
    return null;
  }

  /**
   * Loads what weaving needs and, once the hooks are installed, does the rest of the start. What
   * fails of a start with the JVM is tried again later; an attach that fails leaves nothing.
   *
   * @return whether there is anything to do from here on
   */
  private boolean begin() {
    Throwable failure = null;
    try {
      Hooks.preload();
    } catch (Throwable e) {
      failure = e;
    }
    boolean weaves = failure == null;
    try {
      if (!isWanted()) {
        return false;
      }
      if (weaves) {
        finishStart();
      } else if (attach == null) {
        hooks.remove();
      }
    } catch (Throwable e) {
      failure = e;
    }
    if (failure == null || isDetached()) {
      return weaves;
    }
    if (attach != null && attach.answer == null) {
      Report failed = AttachHandler.failed(failure.toString(), takeBack(failure));
      if (!queue().answer(attach, failed)) { // the attach has returned, and left the jar open
        System.err.println("hb-agent: " + failed.failure());
        end();
      }
      return false;
    }
    Failures.add(failure);
    System.err.println(
        weaves
            ? "hb-agent: could not finish its start ("
                + failure
                + "), and tries again; connections get their options, what is missing is in: status"
            : "hb-agent: cannot weave ("
                + failure
                + "), the application runs without keepalive; replace hb-agent.jar by a whole one");
    return weaves;
  }

  /** Waits until the hooks are installed, or it is known that they will not be. */
  private synchronized boolean isWanted() throws InterruptedException {
    while (settings == null && !over) {
      wait();
    }
    return !over;
  }

  /** Weaves, and starts everything else that was not started before main. May be called again. */
  private void finishStart() throws InterruptedException {
    hooks.completeCommon();
    SelfTest.link(settings.rules().anyPolicy());
    if (attach == null) {
      Thread.sleep(STAND_ASIDE_MILLIS);
    }
    check();
    if (!logs) {
      Log.configure(
          settings.log(), settings.logLevel(), settings.logMaxSize(), settings.logBackups());
      logs = true;
    }
    hooks.complete();
    check();
    AgentService fresh = service();
    SelfTest.linkReading(manager);
    if (attach != null || fresh.socketsAreUsed()) {
      SelfTest.run(manager);
    }
    check();
    StartLog.start(settings, hooks, manager.selfTest(), fresh.archive());
    fresh.started();
    finished = true;
    if (attach != null) {
      queue().answer(attach, fresh.attached());
    }
    // Whatever happens to the jar from here on, no class is missing.
    ((Runnable) AgentThread.class.getClassLoader()).run();
  }

  /** Goes no further after a detach by another thread. */
  private void check() {
    if (isDetached()) {
      throw new IllegalStateException("hb-agent was detached");
    }
  }

  /**
   * Leaves the JVM as it was before an attach that cannot be finished. On the agent's thread, or on
   * another when that one has ended, or never began.
   *
   * @return what could not be taken back, or null
   */
  String takeBack(Throwable reason) {
    try {
      if (service != null) {
        return service.takeBack(reason);
      }
      try {
        hooks.remove();
      } finally {
        new OpenConnections(manager).takeBack(); // the hooks were at work while this thread wove
      }
      return Log.close();
    } catch (Throwable more) { // with no memory left, what takes back runs out of it as well
      return more.toString();
    }
  }

  /**
   * Answers requests and checks for changes until the agent is detached. Where the host has no
   * memory left, the next check comes later; a request is answered all the same.
   *
   * <p>The handler uses no class for the first time: that asks a class loader, which allocates, and
   * what is thrown in a handler ends the thread.
   */
  private void answerAndCheck() {
    service(); // not there, where the start failed before it was made
    long pause = CHECK_MILLIS;
    while (!service.hasEnded()) {
      try {
        answer(pause);
        service.runSteps();
        if (!finished && !service.hasEnded()) {
          finishStart();
        }
        pause = finished && service.isAtRest() ? REST_MILLIS : CHECK_MILLIS;
      } catch (Throwable e) {
        pause = e instanceof OutOfMemoryError ? DaemonThread.OUT_OF_MEMORY_MILLIS : CHECK_MILLIS;
        count(e);
      }
    }
  }

  /** Counts a failure. Without memory even this can fail. */
  static void count(Throwable e) {
    try {
      Failures.add(e);
    } catch (Throwable more) {
      // The next check is what matters.
    }
  }

  /** Waits for a request until it is time for the next check, and answers it. */
  private void answer(long millis) throws InterruptedException {
    RequestQueue.Entry entry = queue().take(millis);
    if (entry == null) {
      return;
    }
    Report report;
    try {
      report = service.handle(entry.request);
    } catch (Throwable e) {
      count(e);
      report = Report.failed("it failed (" + e + "); see its log");
    }
    queue().answer(entry, report);
  }

  /** Closes the jar, when nothing more is done. */
  private void end() {
    dismiss();
    try {
      ((Closeable) AgentThread.class.getClassLoader()).close();
    } catch (IOException | RuntimeException | LinkageError e) {
      // It is closed when it is collected.
    }
  }
}
