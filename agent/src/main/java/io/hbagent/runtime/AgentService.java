package io.hbagent.runtime;

import io.hbagent.config.BadOption;
import io.hbagent.config.FileWatch;
import io.hbagent.config.Settings;
import io.hbagent.control.AgentProperty;
import io.hbagent.control.ConnectionDetails;
import io.hbagent.control.ManagementRegistration;
import io.hbagent.control.Report;
import io.hbagent.control.ReportEntry;
import io.hbagent.control.Request;
import io.hbagent.control.StartReport;
import io.hbagent.control.Status;
import io.hbagent.control.StatusSubscribers;
import io.hbagent.control.SweepResultEntries;
import io.hbagent.control.Version;
import io.hbagent.control.WatchReport;
import io.hbagent.hook.Failures;
import io.hbagent.hook.Hooks;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.OpenConnections;
import io.hbagent.keepalive.Rules;
import io.hbagent.keepalive.SelfTest;
import io.hbagent.keepalive.SweepResult;
import io.hbagent.log.Line;
import io.hbagent.log.Log;
import java.io.File;
import java.lang.instrument.UnmodifiableClassException;
import java.util.function.UnaryOperator;

/**
 * The agent at work: what is in force, how it is changed, what is told of it, how it ends. On the
 * agent's thread.
 */
final class AgentService {

  /** A minute, at two looks a second. */
  private static final int LOOKS_BEFORE_SWEEP = 120;

  private static final String LOG_STAYS =
      "a change of log, log-level, log-max-size or log-backups holds from the next start on";

  private final Hooks hooks;
  private final KeepaliveManager keeper;
  private final WatchdogSwitch watchdog;
  private final OpenConnections open;
  private final AgentProperty presence = new AgentProperty();
  private final ConnectionDetails details;
  private final StatusSubscribers watchers = new StatusSubscribers();
  private final ManagementRegistration management;
  private SettingsSource inputs;
  private Settings settings;
  private boolean begun;
  private int looks;
  private boolean ended;
  private boolean rejected;
  private File watched;
  private FileWatch watch;

  AgentService(
      Hooks hooks,
      KeepaliveManager keeper,
      WatchdogSwitch watchdog,
      SettingsSource inputs,
      Settings settings,
      UnaryOperator<String> door) {
    this.management = new ManagementRegistration(door);
    this.hooks = hooks;
    this.keeper = keeper;
    this.watchdog = watchdog;
    this.inputs = inputs;
    this.settings = settings;
    this.open = new OpenConnections(keeper);
    this.details = new Openers(keeper.table());
  }

  /** What is open in the JVM it was attached to is given options, in two looks. */
  Report attached() {
    SweepResult tally = open.give();
    tally.add(open.give());
    begin(); // now that it is known what everything had before: the watchdog's sweep sets options
    Report report = Report.ok();
    report.add("done").add("what", "attached");
    Status.settings(report, settings);
    StartReport.hooks(report, hooks);
    SweepResultEntries.add(report, tally);
    StartReport.selfTest(report, keeper.selfTest());
    StartReport.warnings(report, settings);
    StartReport.logAttach(tally);
    return report;
  }

  /** Whether the settings file must be read again. */
  boolean fileChanged() {
    if (settings.config() == null) {
      return false;
    }
    if (watch == null || !settings.config().equals(watched)) {
      watched = settings.config();
      watch = new FileWatch(watched, settings.configRead());
    }
    return watch.changed();
  }

  /** It works: from now on the command line sees that it is there. */
  void started() {
    Hooks.setVersion(Version.text());
    presence.show(settings);
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
   * application's first connection, an attach or a request.
   */
  private void begin() {
    if (!begun) {
      begun = true;
      if (SelfTest.run(keeper)) {
        StartReport.logSelfTest(keeper.selfTest());
      }
      watchdog.apply(settings);
    }
  }

  Settings settings() {
    return settings;
  }

  OpenConnections open() {
    return open;
  }

  /** Whether a detach was asked for, and done. */
  boolean hasEnded() {
    return ended;
  }

  /** Does what is asked. */
  Report handle(Request request) {
    if (request.verb() != Request.Verb.DETACH && request.verb() != Request.Verb.RESTORE) {
      begin();
    }
    switch (request.verb()) {
      case ATTACH:
        return reconfigure(request.options());
      case DRY_RUN:
        return Report.failed(
            "it is at work there already, so a dry run would tell nothing; use status instead");
      case STATUS:
        return status();
      case WATCH:
        watchers.add(request.options());
        return status();
      case RELOAD:
        return reload();
      default:
        return detach(request.verb() == Request.Verb.RESTORE);
    }
  }

  private Report status() {
    return WatchReport.add(Status.of(settings, hooks, keeper, details), watchdog.status());
  }

  /** What is done at every look: those who watch, and who came to manage. */
  void look() {
    looks++;
    presence.keep(settings);
    if (!begun && socketsAreUsed()) {
      begin();
    }
    if (begun) {
      watchers.serve(this::status);
      management.look();
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
  Report reload() {
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
    Report report = Report.ok();
    boolean same = fresh.isSameAs(settings);
    SweepResult tally = null;
    if (!same) {
      begin(); // what is open is looked at as well
      if (!fresh.logsLike(settings)) {
        report.add("warning").add("text", LOG_STAYS);
        Log.warn(new Line("warning").add("reason", LOG_STAYS));
      }
      Rules before = keeper.change(fresh.rules(), fresh.conflict());
      settings = fresh;
      tally = open.change(before);
      presence.show(settings);
      watchdog.apply(settings);
      StartReport.logReload(settings, tally);
    }
    report.add("done").add("what", same ? "unchanged" : "reconfigured");
    Status.settings(report, settings);
    StartReport.hooks(report, hooks);
    if (tally != null) {
      SweepResultEntries.add(report, tally);
    }
    StartReport.warnings(report, settings);
    return report;
  }

  /**
   * Leaves the JVM as it was before an attach that has come this far and no further.
   *
   * @return what could not be taken back, or null
   */
  String takeBack(Throwable reason) {
    Thread.interrupted(); // else nothing can be waited for
    String problem = removeHooks();
    int restored = 0;
    // Not from an agent that was attached after this one had been given up.
    if (!Hooks.isInstalled()) {
      presence.hide();
      management.remove();
      restored = open.takeBack().turnedOff();
    }
    Line line = new Line("attach-failed").add("reason", reason).add("open-restored", restored);
    Log.error(line.add("hooks-left", problem));
    return problem;
  }

  private String removeHooks() {
    try {
      watchdog.off();
      hooks.remove();
      return null;
    } catch (InterruptedException
        | UnmodifiableClassException
        | RuntimeException
        | LinkageError e) {
      return e.toString();
    }
  }

  private Report detach(boolean restore) {
    int failures = Failures.count();
    Throwable first = Failures.first();
    presence.hide();
    management.remove();
    String problem = removeHooks();
    SweepResult tally = open.release(restore);
    ended = true;
    Line line = new Line("detached").add("open-kept", tally.kept());
    line.add("open-restored", tally.turnedOff()).add("failures", failures).add("first", first);
    Log.info(line.add("hooks-left", problem));
    Report report = Report.ok();
    ReportEntry done = report.add("done").add("what", "detached").add("hooks-left", problem);
    done.add("failures", failures).add("first-failure", first);
    SweepResultEntries.add(report, tally);
    watchers.end();
    return report;
  }
}
