package io.hbagent.runtime;

import io.hbagent.config.Settings;
import io.hbagent.control.Report;
import io.hbagent.control.StartLog;
import io.hbagent.hook.Failures;
import io.hbagent.hook.Hooks;
import io.hbagent.hook.Preload;
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
 * requests, and looks twice a second for what has changed.
 *
 * <p>It runs beside the application's main, which may set system properties that a class of the JDK
 * reads when it is initialised ({@code java.net.preferIPv4Stack}), or have none at all for a while.
 * So until the application's first connection it initialises nothing of the JDK's network, file
 * system, security or management; see {@link AgentService#look}.
 *
 * <p>Only a detach ends it. What is thrown in one look is counted, and the next look goes on. Where
 * the process could not have one more thread, the next request starts it.
 */
final class AgentThread implements PrivilegedAction<Void> {

  /** A change of the file must be in force within 2 s, and is believed at the second look. */
  private static final long LOOK_MILLIS = 500;

  /** The application is starting: its class loading and the JVM's compilers want the processors. */
  private static final long STAND_ASIDE_MILLIS = 250;

  private static final String GIVEN_UP = "hb-agent-given-up";

  private DaemonThread thread;
  private RequestHandler requests;
  private Hooks hooks;
  private Settings settings;
  private SettingsSource source;
  private KeepaliveManager keeper;
  private ConnectionListener listener;

  /** The attach that this thread carries out; null at a start with the JVM. */
  private PendingAttach attach;

  private AgentService service;
  private boolean begun;
  private boolean logs;
  private boolean finished;

  /** Nothing is left to do: the agent is not wanted, could not start, or was detached. */
  private boolean over;

  /**
   * Starts the thread, or another one in its place.
   *
   * @return the thread
   * @throws OutOfMemoryError where the process may have no more threads
   */
  synchronized Thread start() {
    DaemonThread fresh = new DaemonThread("hb-agent", this);
    fresh.start();
    thread = fresh;
    return fresh;
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

  /** Returns whether the thread is alive. */
  synchronized boolean isAlive() {
    return thread != null && thread.isAlive();
  }

  /** Returns whether nothing is left to do; after a detach, say. */
  synchronized boolean isOver() {
    return over;
  }

  /** Waits until the thread has ended, for a time in milliseconds at most. */
  void awaitEnd(long millis) {
    DaemonThread ending;
    synchronized (this) {
      ending = thread;
    }
    ending.awaitEnd(millis);
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
      KeepaliveManager newKeeper,
      ConnectionListener newListener,
      PendingAttach newAttach) {
    attach = newAttach;
    hooks = newHooks;
    settings = newSettings;
    source = newSource;
    keeper = newKeeper;
    listener = newListener;
    notifyAll();
  }

  /** Lets the thread end: there is nothing to do for it. */
  synchronized void dismiss() {
    over = true;
    notifyAll();
  }

  /**
   * Marks the thread as one that takes back an attach that was given up. By its name, because the
   * next attach has another class loader and shares no class of the agent's with this one.
   */
  synchronized void giveUp() {
    thread.setName(GIVEN_UP);
  }

  /**
   * Returns whether a thread that was {@linkplain #giveUp given up} is alive. Until it ends, what
   * it has set must not be taken for the application's own.
   */
  static boolean isTakingBack() {
    ThreadGroup all = DaemonThread.topmostGroup();
    Thread[] threads = new Thread[all.activeCount() + 16]; // for those that are started right now
    int count = all.enumerate(threads, false);
    for (int i = 0; i < count; i++) {
      if (threads[i].getName().equals(GIVEN_UP)) {
        return true;
      }
    }
    return false;
  }

  /** Returns where any thread brings requests. Its classes are not loaded before main. */
  synchronized RequestHandler requests() {
    if (requests == null) {
      requests = new RequestHandler(this);
    }
    return requests;
  }

  /** Returns the agent at work, made by the first call. */
  private synchronized AgentService service() {
    if (service == null) {
      service =
          new AgentService(
              hooks,
              keeper,
              new WatchdogSwitch(hooks::weaveCloses, keeper, listener),
              source,
              settings,
              requests()::ask);
    }
    return service;
  }

  @Override
  public Void run() {
    try {
      begun = begun || begin();
      if (begun) {
        answerAndLook();
      } else {
        dismiss();
      }
    } catch (Throwable e) {
      count(e);
    } finally {
      if (service != null && service.hasEnded()) {
        dismiss();
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
      Preload.run();
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
    if (failure != null && attach != null && attach.isOpen()) {
      fail(failure);
      return false;
    }
    if (failure != null && !isDetached()) {
      Failures.add(failure);
      System.err.println(
          weaves
              ? "hb-agent: could not finish its start ("
                  + failure
                  + "), and tries again; connections get their options, what is missing is in: status"
              : "hb-agent: cannot weave ("
                  + failure
                  + "), the application runs without keepalive; replace hb-agent.jar by a whole one");
    }
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
    hooks.completeTransports();
    hooks.rest();
    check();
    AgentService fresh = service();
    SelfTest.linkReading(keeper);
    if (attach != null || fresh.socketsAreUsed()) {
      SelfTest.run(keeper);
    }
    check();
    StartLog.start(settings, hooks, keeper.selfTest());
    fresh.started();
    finished = true;
    if (attach != null) {
      attach.end(fresh.attached());
      check();
    }
    // Whatever happens to the jar from here on, no class is missing.
    ((Runnable) AgentThread.class.getClassLoader()).run();
  }

  /** Goes no further with an attach that was given up, or after a detach by another thread. */
  private void check() {
    if (attach != null) {
      attach.check();
    }
    if (isDetached()) {
      throw new IllegalStateException("hb-agent was detached");
    }
  }

  private synchronized boolean isDetached() {
    return service != null && service.hasEnded();
  }

  /** An attach that cannot be finished, or that was given up, leaves the JVM as it was. */
  private void fail(Throwable e) {
    String left = takeBack(e);
    if (!attach.end(PendingAttach.failed(e, left))) {
      end(); // the thread that waited for it has left the jar to this one
    }
  }

  /**
   * Leaves the JVM as it was before an attach that has come this far and no further. On the agent's
   * thread, or on another when that one has ended, or never began.
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
        if (!Hooks.isInstalled()) { // as in AgentService.takeBack
          // The hooks were at work for as long as this thread wove, or was held up.
          new OpenConnections(keeper).takeBack();
        }
      }
      return Log.close();
    } catch (Throwable more) { // with no memory left, what takes back runs out of it as well
      return more.toString();
    }
  }

  /**
   * Answers requests and looks for changes until the agent is detached. Where the host has no
   * memory left, the next look comes later; a request is answered all the same.
   *
   * <p>The handler uses no class for the first time: that asks a class loader, which allocates, and
   * what is thrown in a handler ends the thread.
   */
  private void answerAndLook() {
    service(); // not there, where the start failed before it was made
    long pause = LOOK_MILLIS;
    while (!service.hasEnded()) {
      try {
        answer(pause);
        pause = LOOK_MILLIS;
        service.look();
        if (!finished && !service.hasEnded()) {
          finishStart();
        }
      } catch (Throwable e) {
        pause = e instanceof OutOfMemoryError ? DaemonThread.OUT_OF_MEMORY_MILLIS : LOOK_MILLIS;
        count(e);
      }
    }
  }

  /** Counts a failure. Without memory even this can fail. */
  static void count(Throwable e) {
    try {
      Failures.add(e);
    } catch (Throwable more) {
      // The next look is what matters.
    }
  }

  /** Waits for a request until it is time for the next look, and answers it. */
  private void answer(long millis) throws InterruptedException {
    RequestQueue.Entry entry = requests().take(millis);
    if (entry == null) {
      return;
    }
    Report report;
    try {
      report = service.handle(entry.request());
    } catch (Throwable e) {
      count(e);
      report = Report.failed("it failed (" + e + "); see its log");
    }
    requests().answer(entry, report, service.hasEnded());
  }

  /** Returns why the thread does not answer, as the rest of a sentence. On any other thread. */
  synchronized String problem() {
    if (!isAlive()) {
      return "cannot be started: the process may have no more threads (ulimit -u, pids.max)";
    }
    StackTraceElement[] stack = thread.getStackTrace();
    return "does not answer" + (stack.length == 0 ? "" : ", it is in " + stack[0]);
  }

  /** Takes the agent out of the JVM, on another thread, where this one does not answer. */
  Report detach(boolean restore) {
    if (service().hasEnded()) {
      return Report.failed("hb-agent was detached");
    }
    boolean hangs = isAlive();
    Report report = service().detach(restore, hangs ? "its thread, which " + problem() : null);
    if (!hangs) { // else the thread does the rest when it goes on
      dismiss();
      end();
    }
    return report;
  }

  /** Closes the jar, when nothing more is done. */
  private static void end() {
    try {
      ((Closeable) AgentThread.class.getClassLoader()).close();
    } catch (IOException | RuntimeException | LinkageError e) {
      // It is closed when it is collected.
    }
  }
}
