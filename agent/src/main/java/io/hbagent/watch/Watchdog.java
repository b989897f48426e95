package io.hbagent.watch;

import io.hbagent.hook.Failures;
import io.hbagent.keepalive.ConnectionTable;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.log.DaemonThread;
import io.hbagent.log.Line;
import io.hbagent.log.Log;
import io.hbagent.tcp.SocketSnapshot;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The watchdog of one JVM: its thread runs while it is wanted, and only then.
 *
 * <p>{@link #configure} and {@link #stop} are called on the agent's thread, {@link #closing} on the
 * application's, {@link #status} on any.
 */
public final class Watchdog {

  private static final int UNDO_TRIES = 4;

  /** The interval of attempts to start the thread: the JVM itself prints a warning about each. */
  private static final long NEXT_START_NANOS = 30_000_000_000L;

  private final KeepaliveManager manager;
  private final WatchedConnections connections = new WatchedConnections();
  private final TransitionReporter reporter = new TransitionReporter();
  private final Round round;
  private final AtomicLong rounds = new AtomicLong();

  // Guarded by this.
  /** Null while the thread is not wanted. */
  private WatchSettings settings;

  private DaemonThread thread;
  private boolean stopped;

  /** Set while the thread could not be started. */
  private boolean missing;

  private long triedAt;

  // Of the watchdog's thread.
  private boolean preloaded;
  private boolean starved;
  private volatile int watched;

  /** Creates a watchdog without a thread. */
  public Watchdog(KeepaliveManager manager) {
    this.manager = manager;
    this.round = new Round(manager, connections, reporter);
  }

  /**
   * Puts settings in force: starts the thread, lets it go on with them, or ends it.
   *
   * @param newSettings null to end it
   */
  public synchronized void configure(WatchSettings newSettings) {
    settings = newSettings;
    missing = false;
    ensureThread();
    notifyAll();
  }

  /**
   * Starts the thread where it is wanted and not alive. Where the process may have no more threads,
   * that is logged once, and the next attempt comes half a minute later.
   */
  public synchronized void ensureThread() {
    if (stopped
        || settings == null
        || (thread != null && thread.isAlive())
        || (missing && System.nanoTime() - triedAt < NEXT_START_NANOS)) {
      return;
    }
    triedAt = System.nanoTime();
    DaemonThread fresh =
        new DaemonThread(
            "hb-agent-watchdog",
            () -> {
              run();
              return null;
            });
    try {
      fresh.start();
      thread = fresh;
      if (missing) {
        Log.info(new Line("watchdog-started"));
      }
      missing = false;
    } catch (OutOfMemoryError e) {
      if (!missing) {
        Line line = new Line("limited").add("reason", e);
        Log.warn(line.add("missed", "the watchdog; its start is tried again every 30 s"));
      }
      missing = true;
    }
  }

  /**
   * Ends the thread for good, and the user timeouts it has set. Returns when it is gone, or after 5
   * s. Any thread.
   *
   * @return the thread that is left, and where it is; null when none is
   */
  public String stop() {
    DaemonThread ending;
    synchronized (this) {
      ending = thread;
      stopped = true;
      settings = null;
      notifyAll();
    }
    if (ending == null || !ending.isAlive()) {
      undo();
      return null;
    }
    ending.awaitEnd(5_000);
    if (!ending.isAlive()) {
      return null;
    }
    StackTraceElement[] stack = ending.getStackTrace();
    return "its watchdog, which hangs" + (stack.length == 0 ? "" : " in " + stack[0]);
  }

  /** Handles a descriptor the application is about to close; on its thread. */
  public void closing(FileDescriptor fd) throws IOException {
    connections.closing(fd);
  }

  /** Returns the counters now, by their names in the status report. */
  public Map<String, Long> status() {
    Map<String, Long> status = new LinkedHashMap<>();
    status.put("watched", (long) watched);
    status.put("rounds", rounds.get());
    status.put("half-open-now", (long) connections.halfOpenNow());
    reporter.addTo(status);
    return status;
  }

  /**
   * Returns for how long probes or retransmissions of a descriptor's connection have been seen
   * unanswered, in ms; {@link SocketSnapshot#UNKNOWN} if they are not. Any thread: a recent value.
   */
  public long unansweredMillis(int number) {
    WatchedConnection known = known(number, WatchedConnection.EPISODE);
    return known == null ? SocketSnapshot.UNKNOWN : since(known.since);
  }

  /** Returns for how long the peer has been seen to have closed, as {@link #unansweredMillis}. */
  public long peerClosedMillis(int number) {
    WatchedConnection known = known(number, WatchedConnection.PEER_CLOSED);
    return known == null ? SocketSnapshot.UNKNOWN : since(known.peerClosedAt);
  }

  private WatchedConnection known(int number, int flag) {
    WatchedConnection known = connections.get(number);
    boolean same =
        known != null
            && known.is(flag)
            && ConnectionTable.isSame(known.entry, manager.table().entry(number));
    return same ? known : null;
  }

  private static long since(int then) {
    int elapsed = (int) (System.nanoTime() / 1_000_000) - then; // in an int: the clock may overflow
    return Math.max(0, elapsed);
  }

  private void run() {
    do {
      boolean isFirst = true;
      WatchSettings current;
      while ((current = next(isFirst)) != null) {
        runRound(current);
        isFirst = false;
      }
      undo();
      watched = 0;
    } while (!hasEnded());
  }

  /** Restores what was set. Throws nothing: the thread may be wanted again. */
  private void undo() {
    for (int tries = 0; tries < UNDO_TRIES; tries++) {
      try {
        round.undo();
        reporter.recorder.close();
        return;
      } catch (Throwable e) {
        count(e);
        pause(1_000); // there may be memory again
      }
    }
  }

  /** Returns false if it was switched on again while it restored what it had set. */
  private synchronized boolean hasEnded() {
    if (settings == null) {
      thread = null;
    }
    return settings == null;
  }

  /**
   * Waits for a time or until the settings are changed. Uses no class for the first time, which
   * would need memory: what a handler throws ends the thread.
   */
  private synchronized void pause(long millis) {
    WatchSettings current = settings;
    long end = System.nanoTime() + millis * 1_000_000L;
    long left = millis;
    while (settings == current && left > 0) {
      try {
        wait(left);
      } catch (InterruptedException e) {
        // DaemonThread ignores it
      }
      left = (end - System.nanoTime()) / 1_000_000;
    }
  }

  /** Waits for the next round, unless it is the first; returns null if there is none. */
  private synchronized WatchSettings next(boolean isFirst) {
    if (!isFirst && settings != null) {
      pause(Math.max(settings.roundMillis, starved ? DaemonThread.OUT_OF_MEMORY_MILLIS : 0));
    }
    return settings;
  }

  /**
   * Runs one round. What goes wrong in it is counted, an OutOfMemoryError of the host as well, and
   * the next one tries again.
   */
  private void runRound(WatchSettings current) {
    try {
      int now = (int) (System.nanoTime() / 1_000_000);
      reporter.begin(now, current.logging);
      round.configure(current);
      watched = round.run(now);
      reporter.end();
      rounds.incrementAndGet();
      if (watched > 0 && !preloaded) {
        round.preload();
        preloaded = true;
      }
      starved = false;
    } catch (Throwable e) {
      starved = e instanceof OutOfMemoryError;
      count(e);
    }
  }

  /** Counts a failure. Without memory even this can fail: the first use of a class loads it. */
  private static void count(Throwable e) {
    try {
      Failures.add(e);
    } catch (Throwable more) {
      // The next round is what matters.
    }
  }
}
