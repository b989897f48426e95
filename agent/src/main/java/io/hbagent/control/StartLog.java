package io.hbagent.control;

import io.hbagent.config.Settings;
import io.hbagent.hook.HookPoint;
import io.hbagent.hook.Hooks;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Readback;
import io.hbagent.keepalive.SweepResult;
import io.hbagent.log.Line;
import io.hbagent.log.Log;
import io.hbagent.tcp.OpenSockets;
import io.hbagent.tcp.Options;
import java.io.File;
import java.io.IOException;

/**
 * The start line, the warnings under it, and the lines of a reload and an attach. On the agent's
 * thread.
 */
public final class StartLog {

  static final String NO_METHOD = "this JVM has no method that hb-agent knows for it";

  private StartLog() {}

  /** Logs the settings in force, the hooks, the use of an archive, and what was verified. */
  public static void start(
      Settings settings, Hooks hooks, Readback selfTest, ClassArchive archive) {
    int known = hooks.rows().size() - count(hooks, HookPoint.State.ABSENT);
    Line line = new Line("started").add("version", Version.text()).add("pid", processId());
    settings(line, settings).add("hooks", count(hooks, HookPoint.State.WOVEN) + "/" + known);
    Log.info(line.add("aot", archive.state()).add("self-test", selfTest));
    if (archive.state() == ClassArchive.State.LOST) {
      Log.warn(new Line("warning").add("reason", archive.lossReason()));
    }
    warnings(settings);
    selfTest(selfTest);
    for (HookPoint row : hooks.rows()) {
      if (hasFailed(row)) {
        Log.warn(new Line("hook-failed").add("method", row).add("missed", row.reason()));
      }
    }
    for (String operation : hooks.missedOperations()) {
      Log.warn(new Line("limited").add("reason", NO_METHOD).add("missed", operation));
    }
    if (!OpenSockets.canList()) {
      Log.warn(
          new Line("limited")
              .add("reason", "open connections cannot be listed on this system")
              .add("missed", "a changed file holds for new connections only"));
    }
    if (!Options.CURRENT.hasUserTimeout() && settings.rules().otherwise().userTimeout() > 0) {
      Log.warn(new Line("limited").add("reason", "this system has no TCP_USER_TIMEOUT"));
    }
  }

  /** Returns the number of hooks in a state. */
  static int count(Hooks hooks, HookPoint.State state) {
    int count = 0;
    for (HookPoint row : hooks.rows()) {
      count += row.state() == state ? 1 : 0;
    }
    return count;
  }

  /** Returns whether a hook should be woven by now, and is not. */
  static boolean hasFailed(HookPoint row) {
    return row.state() != HookPoint.State.WOVEN && row.state() != HookPoint.State.ABSENT;
  }

  /** Logs a failed self-test; a good one is in {@code status} only. */
  public static void selfTest(Readback selfTest) {
    if (selfTest.isBad()) {
      Log.warn(new Line("self-test-failed").add("reason", selfTest));
    }
  }

  /** Logs the settings after a reload and the number of open connections changed. */
  public static void reload(Settings settings, SweepResult open) {
    Line line = settings(new Line("reloaded"), settings);
    Log.info(line.add("open-changed", open.given).add("open-turned-off", open.turnedOff));
    warnings(settings);
  }

  /** Logs the number of open connections that an attach found. */
  public static void attach(SweepResult open) {
    Line line = new Line("open-connections").add("given", open.given).add("same", open.same);
    line.add("listeners", open.listeners).add("off-by-rule", open.offByRule);
    Log.info(line.add("own-choice", open.ownChoice).add("connecting", open.connecting));
  }

  private static void warnings(Settings settings) {
    for (String warning : settings.warnings()) {
      Log.warn(new Line("warning").add("reason", warning));
    }
  }

  /**
   * Returns the process's number, as in its own process ID namespace; null without {@code /proc}.
   * Management would cost 40 ms, and {@code ProcessHandle} is not there before JDK 9.
   */
  private static String processId() {
    try {
      String name = new File("/proc/self").getCanonicalFile().getName();
      return name.equals("self") ? null : name;
    } catch (IOException | RuntimeException e) {
      return null; // no pid rather than no line
    }
  }

  private static Line settings(Line line, Settings settings) {
    Policy policy = settings.rules().otherwise();
    if (policy.keepalive()) {
      line.add("idle", policy.idle() + "s").add("intvl", policy.intvl() + "s");
      line.add("cnt", policy.cnt()).add("dead-after", policy.deadAfter() + "s");
    } else {
      line.add("keepalive", "off");
    }
    if (policy.userTimeout() > 0) {
      line.add("user-timeout", policy.userTimeout() + "ms");
    }
    if (policy.adaptive()) {
      line.add("user-timeout", "adaptive");
    }
    if (settings.watchdog()) {
      int interval = settings.watchInterval();
      line.add("watchdog", interval > 0 ? interval + "ms" : "on");
    }
    line.add("rules", settings.rules().list().size()).add("conflict", settings.conflict());
    return line.add("source", settings.source());
  }
}
