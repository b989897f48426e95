package io.hbagent.runtime;

import io.hbagent.config.Settings;
import io.hbagent.control.Report;
import io.hbagent.control.StartReport;
import io.hbagent.hook.Failures;
import io.hbagent.hook.Hooks;
import io.hbagent.hook.Preload;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.OpenConnections;
import io.hbagent.keepalive.SelfTest;
import io.hbagent.log.Log;
import java.io.Closeable;
import java.io.IOException;

/**
 * The agent's one thread: what can be done beside the start, and everything that logs.
 *
 * <p>A daemon in the topmost thread group, so that it neither holds the JVM nor shows up among the
 * application's threads. It loads what weaving needs while the main thread reads the options, and
 * waits for what comes of them. Then it weaves, prints the start line, and from there on looks
 * twice a second whether the settings file or its own failure counter has changed.
 *
 * <p>It runs beside the application's main, which may set system properties that a class of the JDK
 * reads when it is initialised ({@code java.net.preferIPv4Stack}), or have none at all for a while.
 * So until the application's first connection it initialises nothing of the JDK's network, file
 * system, security or management; see {@link AgentService#look}.
 *
 * <p>Nothing leaves it, whatever happens in it: the application's default handler would get it, and
 * many of those end the process.
 */
final class AgentThread extends Thread implements Thread.UncaughtExceptionHandler {

  /** A change of the file must be in force within 2 s, and is believed at the second look. */
  private static final long LOOK_MILLIS = 500;

  /** The application is starting: its class loading and the JVM's compilers want the processors. */
  private static final long STAND_ASIDE_MILLIS = 250;

  /** The looks after an attach that find what was opened while the JVM wove. */
  private static final int LOOKS_AFTER_ATTACH = 6;

  private static final String AFTER_END =
      "): connections still get their options, but no change of the file and no fault is reported"
          + " any more; restart the application";

  private static final String CANNOT_WEAVE =
      "), the application runs without keepalive; replace hb-agent.jar by a whole one";

  private static final String GIVEN_UP = "hb-agent-given-up";

  private Hooks hooks;
  private RequestHandler reception;
  private Settings settings;
  private SettingsSource inputs;
  private KeepaliveManager keeper;
  private ConnectionListener listener;
  private boolean dismissed;
  private boolean ending;
  private AgentService installed;

  /** How an attach ends that this thread carries out; null for a start with the JVM. */
  private PendingAttach attempt;

  AgentThread() {
    super(topmost(Thread.currentThread().getThreadGroup()), "hb-agent");
    setDaemon(true);
    setContextClassLoader(AgentThread.class.getClassLoader());
    setUncaughtExceptionHandler(this);
  }

  private static ThreadGroup topmost(ThreadGroup group) {
    ThreadGroup top = group;
    while (top.getParent() != null) {
      top = top.getParent();
    }
    return top;
  }

  /**
   * Lets it go on once the hooks are installed; before its start, when it is started after them.
   *
   * @param newAttempt the attach it carries out, or null
   */
  synchronized void proceed(
      Hooks newHooks,
      Settings newSettings,
      SettingsSource newInputs,
      KeepaliveManager newKeeper,
      ConnectionListener newListener,
      PendingAttach newAttempt) {
    attempt = newAttempt;
    hooks = newHooks;
    settings = newSettings;
    inputs = newInputs;
    keeper = newKeeper;
    listener = newListener;
    notifyAll();
  }

  /**
   * Nobody waits for it any more. By a name, because the next attach has another class loader, and
   * nothing else that the two could agree on.
   */
  void giveUp() {
    setName(GIVEN_UP);
  }

  /**
   * Whether one that was given up lives. What it has set until then must not be taken for the
   * application's own.
   */
  static boolean isTakingBack() {
    ThreadGroup top = topmost(Thread.currentThread().getThreadGroup());
    Thread[] all = new Thread[top.activeCount() + 16]; // some may come meanwhile
    int count = top.enumerate(all, false);
    for (int i = 0; i < count; i++) {
      if (all[i].getName().equals(GIVEN_UP)) {
        return true;
      }
    }
    return false;
  }

  /** Where requests for it are brought, by any thread. Not made while the application starts. */
  synchronized RequestHandler reception() {
    if (reception == null) {
      reception = new RequestHandler(this, hooks);
    }
    return reception;
  }

  /** Lets it end: there is nothing to do for it. */
  synchronized void dismiss() {
    dismissed = true;
    notifyAll();
  }

  @Override
  public void run() {
    Throwable cannotWeave = null;
    try {
      Preload.run();
    } catch (Throwable e) {
      cannotWeave = e;
    }
    try {
      if (mayProceed()) {
        if (cannotWeave != null) {
          hooks.remove();
          throw cannotWeave;
        }
        hooks.completeCommon();
        SelfTest.link(settings.rules().anyPolicy());
        work();
      }
    } catch (Throwable e) {
      if (attempt != null && attempt.isOpen()) {
        fail(e); // also of an application that interrupts every thread it finds
      } else if (e instanceof InterruptedException) {
        interrupt(); // asked to end
      } else {
        System.err.println(
            "hb-agent: "
                + (cannotWeave == null
                    ? "its thread ended (" + e + AFTER_END
                    : "cannot weave (" + e + CANNOT_WEAVE));
        Failures.add(e);
      }
    } finally {
      if (ending) {
        end();
      }
    }
  }

  /** An attach that cannot be finished, or that was given up, leaves the JVM as it was. */
  private void fail(Throwable e) {
    String left = takeBack(e);
    if (!attempt.end(PendingAttach.failed(e, left))) {
      end(); // whoever waited has left the jar to us
    }
  }

  /**
   * Leaves the JVM as it was before an attach that has come this far and no further. On this
   * thread, or on another when this one has ended, or never began.
   *
   * @return what could not be taken back, or null
   */
  String takeBack(Throwable reason) {
    try {
      if (installed != null) {
        String left = installed.takeBack(reason);
        Log.close();
        return left;
      }
      try {
        hooks.remove();
      } finally {
        if (!Hooks.isInstalled()) { // as in AgentService.takeBack
          // The hooks were at work for as long as this thread wove, or was held up.
          new OpenConnections(keeper).takeBack();
        }
      }
      return null;
    } catch (Throwable more) { // with no memory left, what takes back runs out of it as well
      return more.toString();
    }
  }

  /** What is left when not even {@link #run} could deal with it: no memory for a sentence, say. */
  @Override
  public void uncaughtException(Thread ended, Throwable e) {
    Failures.add(e);
  }

  /** When nothing more is done, as after a detach: lets go of the log and of the jar. */
  private static void end() {
    try {
      Log.close();
      ((Closeable) AgentThread.class.getClassLoader()).close();
    } catch (IOException | RuntimeException | LinkageError e) {
      // They are closed when they are collected.
    }
  }

  private synchronized boolean mayProceed() throws InterruptedException {
    while (settings == null && !dismissed) {
      wait();
    }
    return !dismissed;
  }

  private void work() throws InterruptedException {
    if (attempt == null) {
      Thread.sleep(STAND_ASIDE_MILLIS);
    }
    hooks.complete();
    hooks.completeTransports();
    hooks.rest();
    check();
    installed =
        new AgentService(
            hooks,
            keeper,
            new WatchdogSwitch(hooks, keeper, listener),
            inputs,
            settings,
            reception()::ask);
    SelfTest.linkReading(keeper);
    if (attempt != null || installed.socketsAreUsed()) {
      SelfTest.run(keeper);
    }
    check();
    Log.configure(
        settings.log(), settings.logLevel(), settings.logMaxSize(), settings.logBackups());
    StartReport.log(settings, hooks, keeper.selfTest());
    installed.started();
    ChangeLog news = new ChangeLog(keeper);
    int looks = 0;
    if (attempt != null) {
      looks = LOOKS_AFTER_ATTACH;
      attempt.end(installed.attached());
      check();
    }
    while (!isInterrupted() && !installed.hasEnded()) {
      try {
        if (installed.fileChanged()) {
          installed.reload();
        }
        if (looks > 0 || installed.open().isWaiting()) {
          looks--;
          installed.open().give();
        }
        news.say();
        installed.look();
        serve();
      } catch (OutOfMemoryError e) { // the host's; when it has some again, all goes on
        count(e);
        Thread.sleep(LOOK_MILLIS);
      }
    }
    ending = installed.hasEnded();
  }

  /** As in the watchdog: without memory not even this can be relied on. */
  private static void count(Throwable e) {
    try {
      Failures.add(e);
    } catch (Throwable more) {
      // The next look is what matters.
    }
  }

  /** Goes no further with an attach that was given up. */
  private void check() {
    if (attempt != null) {
      attempt.check();
    }
  }

  /** Handles the next request; returns after the time of a look if there is none. */
  private void serve() throws InterruptedException {
    RequestQueue.Entry entry = reception().take(LOOK_MILLIS);
    if (entry == null) {
      return;
    }
    Report report;
    try {
      report = installed.handle(entry.request());
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      count(e);
      report = Report.failed("it failed (" + e + "); see its log");
    }
    ending = installed.hasEnded();
    reception().answer(entry, report, ending);
  }
}
