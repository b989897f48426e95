package io.hbagent.runtime;

import io.hbagent.config.BadOption;
import io.hbagent.config.FileWatch;
import io.hbagent.config.Settings;
import io.hbagent.control.AgentBean;
import io.hbagent.control.AgentProperty;
import io.hbagent.control.ClassArchive;
import io.hbagent.control.Diagnoses;
import io.hbagent.control.Report;
import io.hbagent.control.Request;
import io.hbagent.control.StartLog;
import io.hbagent.control.Status;
import io.hbagent.control.StatusSubscribers;
import io.hbagent.control.Version;
import io.hbagent.hook.Failures;
import io.hbagent.hook.Hooks;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.OpenConnections;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Readback;
import io.hbagent.keepalive.Role;
import io.hbagent.keepalive.Rule;
import io.hbagent.keepalive.Rules;
import io.hbagent.keepalive.SelfTest;
import io.hbagent.keepalive.SweepResult;
import io.hbagent.log.Line;
import io.hbagent.log.Log;
import io.hbagent.tcp.OpenSockets;
import io.hbagent.tcp.SocketSnapshot;
import io.hbagent.watch.WatchSettings;
import io.hbagent.watch.Watchdog;
import java.io.File;
import java.lang.instrument.UnmodifiableClassException;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The agent at work: its settings and how they change, its status, and its end. On the agent's
 * thread.
 */
final class AgentService {

  /** A minute, at two runs a second. */
  private static final int RUNS_BEFORE_SWEEP = 120;

  private static final int LONGEST_INTVL = 32767;

  private static final String LOG_STAYS =
      "a change of log, log-level, log-max-size or log-backups holds from the next start on";

  /** For what threads open after an attach in methods that the JVM had not woven yet. */
  private static final int PASSES_AFTER_ATTACH = 6;

  private final Hooks hooks;
  private final KeepaliveManager manager;
  private final Runnable weaveCloses;
  private final ConnectionListener listener;
  private final OpenConnections open;
  private final SweepSchedule sweeps;
  private final AgentProperty property = new AgentProperty();
  private final StatusSubscribers subscribers = new StatusSubscribers();
  private final AgentBean.Registration bean;
  private ClassArchive archive;
  private SettingsSource source;
  private Settings settings;
  private boolean begun;
  private int runs;
  private volatile boolean ended;

  /** Null until it is wanted for the first time; nothing of it is loaded before. */
  private volatile Watchdog watchdog;

  private boolean watchdogIsDue;

  /** The reason the settings were refused when they were last read again; null: they were not. */
  private String rejected;

  private File watched;
  private FileWatch watch;
  private int passesAfterAttach;
  private String verifiedLogged = "";
  private boolean failureLogged;

  /**
   * Creates the service of an agent whose hooks are installed.
   *
   * @param weaveCloses weaves the hooks at close; called again where it fails
   * @param requests handles a request given as text
   */
  AgentService(
      Hooks hooks,
      Runnable weaveCloses,
      KeepaliveManager manager,
      ConnectionListener listener,
      SettingsSource source,
      Settings settings,
      UnaryOperator<String> requests) {
    this.hooks = hooks;
    this.weaveCloses = weaveCloses;
    this.manager = manager;
    this.listener = listener;
    this.source = source;
    this.settings = settings;
    this.open = new OpenConnections(manager);
    this.sweeps = new SweepSchedule(manager, System.nanoTime());
    this.bean = new AgentBean.Registration(requests);
  }

  /** Gives options to what is open in the JVM it was attached to, in two passes. */
  Report attached() {
    SweepResult given = open.apply();
    given.add(open.apply());
    passesAfterAttach = PASSES_AFTER_ATTACH;
    begin();
    Report report = Status.of("attached", settings, hooks, manager.selfTest(), given);
    StartLog.attach(given);
    return report;
  }

  /** Returns the AOT cache or CDS archive of this JVM. */
  ClassArchive archive() {
    if (archive == null) {
      archive = ClassArchive.of(hooks.jvmOptions());
    }
    return archive;
  }

  /** Shows the command line that the agent is there. */
  void started() {
    Hooks.setVersion(Version.text());
    property.show(settings);
  }

  /**
   * Returns whether the application has initialised the JDK's network itself. A sweep is for
   * sockets that pass no hook, and does not wait for one that does longer than a minute.
   */
  boolean socketsAreUsed() {
    return !manager.table().isEmpty() || (settings.sweep() > 0 && runs > RUNS_BEFORE_SWEEP);
  }

  /**
   * Begins what initialises the JDK's network and more: the self-test and the watchdog. With the
   * application's first connection, an attach or a request. A watchdog that fails is tried again by
   * {@link #runSteps}.
   */
  private void begin() {
    if (!begun) {
      if (SelfTest.run(manager)) {
        StartLog.selfTest(manager.selfTest());
      }
      begun = true;
      configureWatchdog();
    }
  }

  /** Puts the settings of the watchdog in force, and has closes hooked where they are needed. */
  private void configureWatchdog() {
    watchdogIsDue = true; // again, where this fails
    boolean adaptive = settings.rules().otherwise().adaptive();
    int intvl = intvl(settings.rules().otherwise(), LONGEST_INTVL);
    for (Rule rule : settings.rules().list()) {
      adaptive |= rule.policy.adaptive();
      intvl = intvl(rule.policy, intvl);
    }
    boolean wanted = adaptive || settings.watchdog();
    if (!ended && (wanted || settings.sweep() > 0)) {
      weaveCloses.run();
    }
    if (!ended && (wanted || watchdog != null)) {
      if (watchdog == null) {
        watchdog = new Watchdog(manager);
      }
      listener.watchdog(watchdog);
      int interval =
          settings.watchInterval() > 0
              ? settings.watchInterval()
              : WatchSettings.standardInterval(intvl);
      manager.table().noteOrigin(wanted && settings.origin());
      watchdog.configure(
          wanted
              ? new WatchSettings(settings.watchdog(), interval, settings.halfClosedAfter())
              : null);
      if (ended) { // by another thread, which saw no watchdog
        watchdog.stop();
      }
    }
    watchdogIsDue = false;
  }

  private static int intvl(Policy policy, int least) {
    return policy.keepalive() ? Math.min(policy.intvl(), least) : least;
  }

  /** Returns whether the agent was detached. */
  boolean hasEnded() {
    return ended;
  }

  /**
   * Does what is due, twice a second, or less often where {@link #isAtRest}. What a step throws,
   * but for want of memory, is counted and stops no other.
   */
  void runSteps() {
    runs++;
    for (Step step : Step.values()) {
      if (ended) { // perhaps by another thread, while this one hung in the file system
        return;
      }
      try {
        run(step);
      } catch (OutOfMemoryError e) {
        throw e; // the thread counts it, and tries again later
      } catch (Throwable e) {
        AgentThread.count(e);
      }
    }
  }

  /** Returns whether no step waits for its next run; before the first connection all do. */
  boolean isAtRest() {
    return begun
        && !watchdogIsDue
        && passesAfterAttach <= 0
        && !open.isWaiting()
        && settings.sweep() == 0
        && subscribers.isEmpty()
        && (watch == null || watch.isAtRest());
  }

  private enum Step {
    FILE,
    OPEN_SOCKETS,
    LOG,
    WATCHDOG,
    SWEEP,
    SUBSCRIBERS,
    BEAN
  }

  private void run(Step step) {
    switch (step) {
      case FILE:
        if (fileChanged()) {
          reload();
        }
        break;
      case OPEN_SOCKETS:
        if (passesAfterAttach > 0 || open.isWaiting()) {
          passesAfterAttach--;
          open.apply();
        }
        break;
      case LOG:
        property.keep();
        logVerified();
        logFailure();
        break;
      case WATCHDOG:
        if (socketsAreUsed()) {
          begin();
        }
        if (watchdogIsDue) {
          configureWatchdog();
        }
        if (watchdog != null) {
          watchdog.ensureThread();
        }
        break;
      case SWEEP:
        sweepIfDue(System.nanoTime());
        break;
      case SUBSCRIBERS:
        subscribers.serve(this::watchedStatus);
        break;
      default:
        if (begun) {
          bean.register();
        }
        break;
    }
  }

  private boolean fileChanged() {
    if (settings.config() == null) {
      return false;
    }
    if (watch == null || !settings.config().equals(watched)) {
      watched = settings.config();
      watch = new FileWatch(watched, settings.configRead());
    }
    return watch.changed();
  }

  /** Logs it when a first connection does not carry in the kernel what was set. */
  private void logVerified() {
    Readback client = manager.readback(Role.CLIENT);
    Readback server = manager.readback(Role.SERVER);
    String now = "client=" + client + " server=" + server;
    if (now.equals(verifiedLogged)) {
      return;
    }
    verifiedLogged = now;
    Line line = new Line("verified").add("client", client).add("server", server);
    if (client.isBad() || server.isBad()) {
      Log.warn(line);
    } else if (client.isOk() || server.isOk()) {
      Log.debug(line);
    }
  }

  /** Logs the first failure; the count of all is in the status. */
  private void logFailure() {
    int failures = Failures.count();
    if (failures > 0 && !failureLogged) {
      Log.warn(new Line("failure").add("count", failures).add("first", Failures.first()));
      failureLogged = true; // not before: the first failure may be that there is no memory
    }
  }

  /** Does what is asked. */
  Report handle(Request request) {
    if (!request.isDetach()) {
      begin();
    }
    switch (request.verb) {
      case ATTACH:
        return reconfigure(request.options);
      case DRY_RUN:
        return Report.failed(
            "it is at work there already, so a dry run would tell nothing; use status instead");
      case STATUS:
        return status(diagnoses(true));
      case WHY:
        return Status.why(settings, manager, diagnoses(true), request.options);
      case COUNTERS:
        return status(null);
      case WATCH:
        subscribers.add(request.options);
        return watchedStatus();
      case RELOAD:
        return reload();
      case ABORT:
        return AbortHandler.handle(manager, request.options);
      default:
        return detach(request.verb == Request.Verb.RESTORE, null);
    }
  }

  /** Returns a status for one that asks again and again: it does not stop the JVM. */
  private Report watchedStatus() {
    return status(diagnoses(false));
  }

  /** Returns the diagnoses, whose ages are the watchdog's where it is on. */
  private Diagnoses diagnoses(boolean findsThreads) {
    Watchdog current = watchdog;
    if (findsThreads) {
      hooks.openManagement();
    }
    return current == null
        ? new Diagnoses(
            manager, findsThreads, any -> SocketSnapshot.UNKNOWN, any -> SocketSnapshot.UNKNOWN)
        : new Diagnoses(
            manager, findsThreads, current::unansweredMillis, current::peerClosedMillis);
  }

  private Report status(Diagnoses diagnoses) {
    Report report = Status.of(settings, hooks, manager, diagnoses);
    archive().addTo(report);
    if (watchdog != null) {
      Report.Entry entry = report.add("watchdog");
      for (Map.Entry<String, Long> counter : watchdog.status().entrySet()) {
        entry.add(counter.getKey(), counter.getValue());
      }
    }
    if (rejected != null) {
      Status.warning(report, rejected);
    }
    return report;
  }

  /** Gives options to the connections of native code, which no hook has seen. */
  private void sweepIfDue(long now) {
    int interval = begun ? settings.sweep() : 0;
    // A sweep initialises the JDK's network.
    if (sweeps.isDue(interval, now) && (begun || OpenSockets.hasConnection())) {
      begin();
      open.sweep(interval == 0);
    }
    sweeps.log(settings.sweep() > 0, now);
  }

  private Report reconfigure(String options) {
    SettingsSource fresh = source.with(options);
    Report report;
    try {
      report = change(fresh.read());
    } catch (BadOption e) {
      return Report.failed(e.getMessage() + "; what was in force stays in force");
    }
    source = fresh;
    return report;
  }

  /** Reads everything again; what cannot be used leaves the last good settings in force. */
  private Report reload() {
    try {
      return change(source.read());
    } catch (BadOption e) {
      rejected = e.getMessage() + "; what was in force stays in force";
      Log.error(
          new Line("config-rejected").add("reason", e.getMessage()).add("in-force", settings));
      return Report.failed(rejected);
    }
  }

  private Report change(Settings fresh) {
    if (ended) { // by another thread, while this one read the file
      return Report.failed("hb-agent was detached");
    }
    if (rejected != null && fresh.isSameAs(settings)) {
      Log.info(new Line("config-accepted").add("in-force", settings));
    }
    rejected = null;
    if (fresh.isSameAs(settings)) {
      return Status.of("unchanged", settings, hooks, manager.selfTest(), null);
    }
    begin(); // what is open is changed as well
    boolean logStays = !fresh.logsLike(settings);
    if (logStays) {
      Log.warn(new Line("warning").add("reason", LOG_STAYS));
    }
    Rules before = manager.change(fresh.rules(), fresh.conflict());
    settings = fresh;
    SweepResult changed;
    try {
      changed = open.change(before);
    } finally {
      property.show(settings);
      configureWatchdog();
    }
    StartLog.reload(settings, changed);
    Report report = Status.of("reconfigured", settings, hooks, manager.selfTest(), changed);
    if (logStays) {
      Status.warning(report, LOG_STAYS);
    }
    return report;
  }

  /**
   * Leaves the JVM as it was before an attach that cannot be finished.
   *
   * @return what could not be taken back, or null
   */
  String takeBack(Throwable reason) {
    String left = stop();
    int restored = open.takeBack().restored;
    Line line = new Line("attach-failed").add("reason", reason).add("open-restored", restored);
    Log.error(line.add("left", left));
    return join(left, Log.close());
  }

  /**
   * Removes the hooks, the watchdog, and what shows the agent.
   *
   * @return what is left of them in the JVM, or null
   */
  private String stop() {
    property.hide();
    bean.remove();
    String left = watchdog == null ? null : watchdog.stop();
    try {
      hooks.remove();
    } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
      left = join(left, "calls in classes of the JDK, which do nothing (" + e + ")");
    }
    return left;
  }

  /** Joins two parts of what is left, each of them null if there is nothing. */
  private static String join(String one, String other) {
    return one == null || other == null ? (one == null ? other : one) : one + "; " + other;
  }

  /**
   * Takes the agent out of the JVM. On another thread than the agent's where that one does not
   * answer.
   *
   * @param restore whether open connections get back what they had
   * @param remains what is left in the JVM in any case, or null
   */
  Report detach(boolean restore, String remains) {
    ended = true;
    int failures = Failures.count();
    Throwable first = Failures.first();
    String left = join(remains, stop());
    SweepResult released = open.release(restore);
    Line line = new Line("detached").add("open-kept", released.kept);
    line.add("open-restored", released.restored).add("failures", failures).add("first", first);
    Log.info(line.add("left", left));
    left = join(left, Log.close());
    Report report = Report.ok();
    Report.Entry done = report.add("done").add("what", "detached").add("left", left);
    done.add("failures", failures).add("first-failure", first);
    Status.open(report, released);
    subscribers.end();
    return report;
  }
}
