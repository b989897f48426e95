package io.hbagent.runtime;

import io.hbagent.config.Settings;
import io.hbagent.control.Report;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Rule;
import io.hbagent.watch.WatchSettings;
import io.hbagent.watch.Watchdog;
import java.util.Map;

/**
 * Switches the watchdog on, off or over to other settings. On the agent's thread; nothing of the
 * watchdog is loaded until it is wanted.
 */
final class WatchdogSwitch {

  private static final int LONGEST_INTVL = 32767;

  private final Runnable weaveCloses;
  private final KeepaliveManager keeper;
  private final ConnectionListener listener;
  private volatile Watchdog watchdog;
  private volatile boolean stopped;

  /** Settings that are not in force yet; null if all are. */
  private Settings due;

  /**
   * Creates a switch that is off.
   *
   * @param weaveCloses weaves the hooks at close; called again where it fails
   */
  WatchdogSwitch(Runnable weaveCloses, KeepaliveManager keeper, ConnectionListener listener) {
    this.weaveCloses = weaveCloses;
    this.keeper = keeper;
    this.listener = listener;
  }

  /** Puts settings in force. What fails is tried again by {@link #look}. */
  void apply(Settings settings) {
    due = settings;
    applyDue();
  }

  private void applyDue() {
    Settings settings = due;
    boolean adaptive = settings.rules().otherwise().adaptive();
    int intvl = intvl(settings.rules().otherwise(), LONGEST_INTVL);
    for (Rule rule : settings.rules().list()) {
      adaptive |= rule.policy().adaptive();
      intvl = intvl(rule.policy(), intvl);
    }
    boolean wanted = adaptive || settings.watchdog() || settings.sweep() > 0;
    if (stopped || (watchdog == null && !wanted)) {
      due = null;
      return;
    }
    weaveCloses.run();
    if (watchdog == null) {
      watchdog = new Watchdog(keeper);
    }
    listener.watchdog(watchdog);
    int interval =
        settings.watchInterval() > 0
            ? settings.watchInterval()
            : WatchSettings.standardInterval(intvl);
    watchdog.configure(
        new WatchSettings(
            settings.watchdog(),
            adaptive,
            interval,
            settings.sweep(),
            settings.halfClosedAfter(),
            settings.origin()));
    if (stopped) { // by another thread, which saw no watchdog
      watchdog.stop();
    }
    due = null;
  }

  private static int intvl(Policy policy, int least) {
    return policy.keepalive() ? Math.min(policy.intvl(), least) : least;
  }

  /** Does what has failed, and starts the watchdog's thread where it has none; twice a second. */
  void look() {
    if (due != null) {
      applyDue();
    }
    if (watchdog != null) {
      watchdog.ensureThread();
    }
  }

  /**
   * Ends the watchdog for good; any thread.
   *
   * @return what is left of it in the JVM, or null
   */
  String stop() {
    stopped = true;
    Watchdog current = watchdog;
    return current == null ? null : current.stop();
  }

  /** Adds the counters to a status report; nothing when the watchdog was never on. */
  Report addTo(Report report) {
    Watchdog current = watchdog;
    if (current != null) {
      Report.Entry entry = report.add("watchdog");
      for (Map.Entry<String, Long> counter : current.status().entrySet()) {
        entry.add(counter.getKey(), counter.getValue());
      }
    }
    return report;
  }
}
