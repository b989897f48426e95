package io.hbagent.runtime;

import io.hbagent.keepalive.Counters;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.log.Line;
import io.hbagent.log.Log;

/**
 * The times of the sweeps over the process's open sockets, for connections that native code has
 * opened, and the log lines about what they find. On the agent's thread.
 *
 * <p>With {@code sweep=} they come at its interval; without it 1, 3, 7, 15 … seconds after the
 * start, and again after native code came: a library, or the foreign function API. There is none of
 * these in a JVM whose application has neither native code nor a connection that passed a hook,
 * because it would initialise network classes of the JDK before the application does.
 */
final class SweepSchedule {

  private static final long SECOND_NANOS = 1_000_000_000;

  /** Half the time between two calls: a sweep comes with the call nearest to its time. */
  private static final long NEAREST_NANOS = SECOND_NANOS / 4;

  /** An application may load libraries all the time. */
  private static final long RESTART_NANOS = 60 * SECOND_NANOS;

  private static final long LOG_NANOS = 3600 * SECOND_NANOS;

  private final KeepaliveManager manager;
  private long last;
  private long restarted;
  private long interval = SECOND_NANOS;
  private boolean nativeCode;
  private boolean foundLogged;
  private long changesLogged;
  private long changesLoggedAt;

  SweepSchedule(KeepaliveManager manager, long nowNanos) {
    this.manager = manager;
    last = nowNanos;
    restarted = nowNanos - RESTART_NANOS;
    changesLoggedAt = nowNanos - LOG_NANOS;
  }

  /**
   * Returns whether a sweep is to be made now; called twice a second.
   *
   * @param millis the interval; 0: it grows
   * @param now of {@link System#nanoTime}
   */
  boolean isDue(int millis, long now) {
    if (millis == 0 && now - restarted >= RESTART_NANOS && manager.takeNativeCode()) {
      nativeCode = true;
      interval = SECOND_NANOS;
      last = now;
      restarted = now;
    }
    long wait = millis == 0 ? interval : millis * 1_000_000L - NEAREST_NANOS;
    if (now - last < wait || (millis == 0 && !isWorthIt())) {
      return false;
    }
    last = now;
    if (millis == 0) {
      interval *= 2;
    }
    return true;
  }

  private boolean isWorthIt() {
    Counters counters = manager.counters();
    return nativeCode || counters.connected.get() + counters.accepted.get() > 0;
  }

  /**
   * Logs what was found, once, and what was set again, once an hour.
   *
   * @param atInterval whether {@code sweep=} sets an interval
   */
  void log(boolean atInterval, long now) {
    long found = manager.counters().swept.get();
    if (found > 0 && !foundLogged) {
      foundLogged = true;
      Line line = new Line("native-connections").add("given", found);
      line.add("reason", "opened by native code, which the hooks do not see");
      if (atInterval) {
        Log.info(line.add("later", "found by sweep"));
      } else {
        Log.warn(line.add("later", "may stay without keepalive; sweep=5s finds them"));
      }
    }
    long changes = manager.counters().nativeChanges.get();
    if (changes > changesLogged && now - changesLoggedAt >= LOG_NANOS) {
      Line line = new Line("native-changes").add("set-again", changes - changesLogged);
      Log.info(
          line.add(
              "reason",
              "options differed from the policy, as native code changes them without the hooks seeing it"));
      changesLogged = changes;
      changesLoggedAt = now;
    }
  }
}
