package io.hbagent.runtime;

import io.hbagent.config.BadOption;
import io.hbagent.config.FileWatch;
import io.hbagent.config.Settings;
import io.hbagent.control.AgentBean;
import io.hbagent.control.AgentProperty;
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
import io.hbagent.keepalive.Readback;
import io.hbagent.keepalive.Role;
import io.hbagent.keepalive.Rules;
import io.hbagent.keepalive.SelfTest;
import io.hbagent.keepalive.SweepResult;
import io.hbagent.log.Line;
import io.hbagent.log.Log;
import io.hbagent.tcp.OpenSockets;
import java.io.File;
import java.lang.instrument.UnmodifiableClassException;
import java.util.function.UnaryOperator;

/**
 * The agent at work: its settings and how they change, its status, and its end. On the agent's
 * thread.
 */
final class AgentService {

  /** A minute, at two looks a second. */
  private static final int LOOKS_BEFORE_SWEEP = 120;

  private static final String LOG_STAYS =
      "a change of log, log-level, log-max-size or log-backups holds from the next start on";

  /** Looks after an attach for what was opened by threads that the JVM had not woven yet. */
  private static final int LOOKS_AFTER_ATTACH = 6;

  private final Hooks hooks;
  private final KeepaliveManager keeper;
  private final WatchdogSwitch watchdog;
  private final OpenConnections open;
  private final NativeConnections nativeConnections;
  private final AgentProperty property = new AgentProperty();
  private final StatusSubscribers watchers = new StatusSubscribers();
  private final AgentBean.Registration management;
  private SettingsSource inputs;
  private Settings settings;
  private boolean begun;
  private int looks;
  private volatile boolean ended;
  private boolean rejected;
  private File watched;
  private FileWatch watch;
  private int looksAfterAttach;
  private String verifiedLogged = "";
  private boolean failureLogged;

  AgentService(
      Hooks hooks,
      KeepaliveManager keeper,
      WatchdogSwitch watchdog,
      SettingsSource inputs,
      Settings settings,
      UnaryOperator<String> requests) {
    this.management = new AgentBean.Registration(requests);
    this.hooks = hooks;
    this.keeper = keeper;
    this.watchdog = watchdog;
    this.inputs = inputs;
    this.settings = settings;
    this.open = new OpenConnections(keeper);
    this.nativeConnections = new NativeConnections(keeper, this::giveToNative, System.nanoTime());
  }

  /** Gives options to what is open in the JVM it was attached to, in two looks. */
  Report attached() {
    SweepResult tally = open.give();
    tally.add(open.give());
    looksAfterAttach = LOOKS_AFTER_ATTACH;
    begin(); // now that it is known what everything had before: the watchdog's sweep sets options
    Report report = Status.of("attached", settings, hooks, keeper.selfTest(), tally);
    StartLog.attach(tally);
    return report;
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
    return !keeper.table().isEmpty() || (settings.sweep() > 0 && looks > LOOKS_BEFORE_SWEEP);
  }

  /**
   * Begins what initialises the JDK's network and more: the self-test and the watchdog. With the
   * application's first connection, an attach or a request. A watchdog that fails is tried again by
   * {@link #look}.
   */
  private void begin() {
    if (!begun) {
      if (SelfTest.run(keeper)) {
        StartLog.selfTest(keeper.selfTest());
      }
      begun = true;
      watchdog.apply(settings);
    }
  }

  /** Returns whether the agent was detached. */
  boolean hasEnded() {
    return ended;
  }

  /**
   * Does what is due, twice a second. What a step throws, but for want of memory, is counted and
   * stops no other.
   */
  void look() {
    looks++;
    for (Step step : Step.values()) {
      if (ended) { // perhaps by another thread, while this one hung in the file system
        return;
      }
      try {
        look(step);
      } catch (OutOfMemoryError e) {
        throw e; // the thread counts it, and looks again later
      } catch (Throwable e) {
        AgentThread.count(e);
      }
    }
  }

  private enum Step {
    FILE,
    OPEN_SOCKETS,
    LOG,
    PROPERTY,
    BEGIN,
    NATIVE_CONNECTIONS,
    WATCHDOG,
    SUBSCRIBERS,
    MANAGEMENT
  }

  private void look(Step step) {
    switch (step) {
      case FILE:
        if (fileChanged()) {
          reload();
        }
        break;
      case OPEN_SOCKETS:
        if (looksAfterAttach > 0 || open.isWaiting()) {
          looksAfterAttach--;
          open.give();
        }
        break;
      case LOG:
        logVerified();
        logFailure();
        break;
      case PROPERTY:
        property.keep();
        break;
      case BEGIN:
        if (socketsAreUsed()) {
          begin();
        }
        break;
      case NATIVE_CONNECTIONS:
        nativeConnections.lookIfDue(begun && settings.sweep() > 0, System.nanoTime());
        break;
      case WATCHDOG:
        watchdog.look();
        break;
      case SUBSCRIBERS:
        watchers.serve(this::status);
        break;
      default:
        if (begun) {
          management.look();
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
    Readback client = keeper.proof(Role.CLIENT);
    Readback server = keeper.proof(Role.SERVER);
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
    if (request.verb != Request.Verb.DETACH && request.verb != Request.Verb.RESTORE) {
      begin();
    }
    switch (request.verb) {
      case ATTACH:
        return reconfigure(request.options);
      case DRY_RUN:
        return Report.failed(
            "it is at work there already, so a dry run would tell nothing; use status instead");
      case STATUS:
        return status();
      case WATCH:
        watchers.add(request.options);
        return status();
      case RELOAD:
        return reload();
      default:
        return detach(request.verb == Request.Verb.RESTORE, null);
    }
  }

  private Report status() {
    return watchdog.addTo(Status.of(settings, hooks, keeper));
  }

  /** Gives options to the connections of native code, or has the sweep do it. */
  private void giveToNative() {
    if (!begun && !OpenSockets.hasConnection()) {
      return; // begin and the look itself initialise the JDK's network
    }
    begin();
    if (settings.sweep() == 0) {
      open.giveToNative();
    }
  }

  private Report reconfigure(String options) {
    SettingsSource fresh = inputs.with(options);
    Report report;
    try {
      report = change(fresh.read());
    } catch (BadOption e) {
      return Report.failed(e.getMessage() + "; what was in force stays in force");
    }
    inputs = fresh;
    return report;
  }

  /** Reads everything again; what cannot be used leaves the last good settings in force. */
  private Report reload() {
    Settings fresh;
    try {
      fresh = inputs.read();
    } catch (BadOption e) {
      rejected = true;
      Log.error(
          new Line("config-rejected").add("reason", e.getMessage()).add("in-force", settings));
      return Report.failed(e.getMessage() + "; what was in force stays in force");
    }
    if (rejected && fresh.isSameAs(settings)) {
      Log.info(new Line("config-accepted").add("in-force", settings));
    }
    rejected = false;
    return change(fresh);
  }

  private Report change(Settings fresh) {
    if (ended) { // by another thread, while this one read the file
      return Report.failed("hb-agent was detached");
    }
    boolean same = fresh.isSameAs(settings);
    boolean logStays = false;
    SweepResult tally = null;
    if (!same) {
      begin(); // what is open is looked at as well
      if (!fresh.logsLike(settings)) {
        logStays = true;
        Log.warn(new Line("warning").add("reason", LOG_STAYS));
      }
      Rules before = keeper.change(fresh.rules(), fresh.conflict());
      settings = fresh;
      try {
        tally = open.change(before);
      } finally {
        property.show(settings);
        watchdog.apply(settings);
      }
      StartLog.reload(settings, tally);
    }
    String done = same ? "unchanged" : "reconfigured";
    Report report = Status.of(done, settings, hooks, keeper.selfTest(), tally);
    if (logStays) {
      Status.warning(report, LOG_STAYS);
    }
    return report;
  }

  /**
   * Leaves the JVM as it was before an attach that has come this far and no further.
   *
   * @return what could not be taken back, or null
   */
  String takeBack(Throwable reason) {
    String left = stop();
    int restored = 0;
    // Not from an agent that was attached after this one had been given up.
    if (!Hooks.isInstalled()) {
      property.hide();
      management.remove();
      restored = open.takeBack().turnedOff();
    }
    Line line = new Line("attach-failed").add("reason", reason).add("open-restored", restored);
    Log.error(line.add("left", left));
    return join(left, Log.close());
  }

  /**
   * Ends the watchdog and removes the hooks.
   *
   * @return what is left of them in the JVM, or null
   */
  private String stop() {
    String left = watchdog.stop();
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
    property.hide();
    management.remove();
    String left = join(remains, stop());
    SweepResult tally = open.release(restore);
    Line line = new Line("detached").add("open-kept", tally.kept());
    line.add("open-restored", tally.turnedOff()).add("failures", failures).add("first", first);
    Log.info(line.add("left", left));
    left = join(left, Log.close());
    Report report = Report.ok();
    Report.Entry done = report.add("done").add("what", "detached").add("left", left);
    done.add("failures", failures).add("first-failure", first);
    Status.open(report, tally);
    watchers.end();
    return report;
  }
}
