package io.hbagent.watch;

import io.hbagent.hook.Failures;
import io.hbagent.keepalive.Keeper;
import io.hbagent.tcp.Kernel;
import java.io.FileDescriptor;
import java.io.IOException;

/**
 * The watchdog of one JVM: its thread runs while it is wanted, and only then.
 *
 * <p>{@link #configure} and {@link #stop} are called on the agent's thread, {@link #closing} on the
 * application's, {@link #status} on any.
 */
public final class Watchdog {

  private final Keeper keeper;
  private final Slots slots = new Slots();
  private final Detector detector = new Detector();
  private final Suspects suspects = new Suspects(slots);
  private final Reporter reporter = new Reporter();
  private final Verdicts verdicts;
  private final Round round;
  private final FoundConnections found;
  private WatchSettings settings;
  private Thread thread;
  private volatile int watched;
  private volatile long rounds;

  /** A watchdog that sleeps. */
  public Watchdog(Keeper keeper) {
    this.keeper = keeper;
    Facts facts = new Facts(keeper.table());
    this.verdicts = new Verdicts(facts, suspects, reporter);
    this.round = new Round(keeper, slots, detector, facts, verdicts);
    this.found = new FoundConnections(keeper, slots);
  }

  /** Puts settings in force: starts the thread, lets it go on with them, or ends it. */
  public synchronized void configure(WatchSettings newSettings) {
    settings = newSettings;
    keeper.table().noteOrigin(newSettings.isOn() && newSettings.origin);
    if (newSettings.isOn() && thread == null) {
      thread = new Thread(topmostGroup(), this::run, "hb-agent-watchdog");
      thread.setDaemon(true);
      thread.setContextClassLoader(Watchdog.class.getClassLoader());
      thread.start();
    }
    notifyAll();
  }

  private static ThreadGroup topmostGroup() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  /** Ends the thread, and takes back what it has set. Returns when it is gone, or after 5 s. */
  public void stop() throws InterruptedException {
    Thread ending;
    synchronized (this) {
      ending = thread;
      settings = null;
      notifyAll();
    }
    if (ending != null) {
      ending.join(5_000);
    }
  }

  /** The application is about to close a descriptor; on its thread. */
  public void closing(FileDescriptor fd) throws IOException {
    keeper.table().closed(Kernel.number(fd));
    suspects.closing(fd);
  }

  /** The counters now. */
  public WatchStatus status() {
    return reporter.status(watched, suspects.size(), rounds);
  }

  private void run() {
    int sinceSweep = 0;
    try {
      WatchSettings current;
      while ((current = next(sinceSweep)) != null) {
        int every = current.sweepRounds();
        look(current, every > 0 && sinceSweep % every == 0);
        sinceSweep = every > 0 ? sinceSweep % every + 1 : 1;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // asked to end
    } finally {
      round.undo();
    }
  }

  /** Waits for the next round; null when there shall be none. */
  private synchronized WatchSettings next(int before) throws InterruptedException {
    WatchSettings current = settings;
    if (before > 0 && current != null && current.isOn()) {
      long end = System.nanoTime() + current.roundMillis() * 1_000_000L;
      long left;
      // Changed settings end the wait: the new interval begins at once.
      while (settings == current && (left = (end - System.nanoTime()) / 1_000_000) > 0) {
        wait(left);
      }
      current = settings;
    }
    if (current == null || !current.isOn()) {
      thread = null;
      return null;
    }
    return current;
  }

  /** One round; whatever goes wrong in it is counted, and the next one tries again. */
  private void look(WatchSettings current, boolean sweep) {
    try {
      int now = (int) (System.nanoTime() / 1_000_000);
      reporter.logging(current.logging);
      detector.configure(current.intervalMillis, current.halfClosedAfterMillis);
      verdicts.configure(current.intervalMillis, current.halfClosedAfterMillis);
      if (sweep) {
        found.sweep();
      }
      if (current.isLooking()) {
        round.run(now);
        watched = round.watched();
        rounds++;
        reporter.flush(now);
      }
    } catch (RuntimeException | LinkageError e) {
      Failures.add(e);
    }
  }
}
