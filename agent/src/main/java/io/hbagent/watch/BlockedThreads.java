package io.hbagent.watch;

import io.hbagent.log.Line;
import io.hbagent.tcp.SocketReads;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The threads that are blocked in a read of a socket now, taken only when something was found. On
 * the watchdog's thread; costs the application one safepoint.
 *
 * <p>A stack does not tell which connection is read. A thread is named as the reader only where it
 * is the one that opened the connection; otherwise only how many there are is said.
 */
final class BlockedThreads {

  private final List<String> names;

  private BlockedThreads(List<String> names) {
    this.names = names;
  }

  static BlockedThreads now() {
    return among(Thread.getAllStackTraces());
  }

  /** Those that are blocked by their stacks. */
  static BlockedThreads among(Map<Thread, StackTraceElement[]> stacks) {
    List<String> names = new ArrayList<>();
    for (Map.Entry<Thread, StackTraceElement[]> entry : stacks.entrySet()) {
      if (SocketReads.isIn(entry.getValue())) {
        names.add(entry.getKey().getName());
      }
    }
    return new BlockedThreads(names);
  }

  /** Adds the reader of a connection, or that it cannot be told. */
  void addTo(Line line, Connection connection) {
    String opener = connection.thread();
    int sameName = 0;
    for (String name : names) {
      sameName += name.equals(opener) ? 1 : 0;
    }
    if (sameName == 1) {
      line.add("blocked", opener);
    } else if (!names.isEmpty()) {
      line.add("blocked", "unknown, one of " + names.size() + " threads in a socket read");
    }
  }
}
