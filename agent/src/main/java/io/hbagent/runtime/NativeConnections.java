package io.hbagent.runtime;

import io.hbagent.keepalive.Counters;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.log.Line;
import io.hbagent.log.Log;

/**
 * Looks for connections that native code has opened, which no hook sees, while there is no sweep;
 * logs what either has found. On the agent's thread.
 *
 * <p>The looks come 1, 3, 7, 15 … seconds after the start, and again after native code came: a
 * library, or the foreign function API. There is none in a JVM whose application has neither native
 * code nor a connection that passed a hook, because it would initialise network classes of the JDK
 * before the application does.
 */
final class NativeConnections {

  private static final long SECOND_NANOS = 1_000_000_000;

  /** An application may load libraries all the time. */
  private static final long RESTART_NANOS = 60 * SECOND_NANOS;

  private static final long LOG_NANOS = 3600 * SECOND_NANOS;

  private final KeepaliveManager manager;
  private final Runnable look;
  private long restarted;
  private long interval = SECOND_NANOS;
  private long next;
  private boolean nativeCode;
  private boolean foundLogged;
  private long changesLogged;
  private long changesLoggedAt;

  /**
   * Creates it; the first look is due in one second.
   *
   * @param look gives options to what it finds
   */
  NativeConnections(KeepaliveManager manager, Runnable look, long nowNanos) {
    this.manager = manager;
    this.look = look;
    restarted = nowNanos - RESTART_NANOS;
    next = nowNanos + interval;
    changesLoggedAt = nowNanos - LOG_NANOS;
  }

  /**
   * Looks if it is time to; called twice a second.
   *
   * @param sweeping whether the watchdog's sweep looks
   */
  void lookIfDue(boolean sweeping, long now) {
    if (now - restarted >= RESTART_NANOS && manager.takeNativeCode()) {
      nativeCode = true;
      restarted = now;
      interval = SECOND_NANOS;
      next = now + interval;
    }
    Counters counters = manager.counters();
    if (now - next >= 0 && (nativeCode || counters.connected.get() + counters.accepted.get() > 0)) {
      interval *= 2;
      next = now + interval;
      if (!sweeping) {
        look.run();
      }
    }
    log(counters, sweeping, now);
  }

  private void log(Counters counters, boolean sweeping, long now) {
    long found = counters.swept.get();
    if (found > 0 && !foundLogged) {
      foundLogged = true;
      Line line = new Line("native-connections").add("given", found);
      line.add("reason", "opened by native code, which the hooks do not see");
      if (sweeping) {
        Log.info(line.add("later", "found by sweep"));
      } else {
        Log.warn(line.add("later", "may stay without keepalive; sweep=5s finds them"));
      }
    }
    long changes = counters.nativeChanges.get();
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
