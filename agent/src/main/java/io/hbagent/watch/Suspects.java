package io.hbagent.watch;

import io.hbagent.tcp.Kernel;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections that are half-open now, by number.
 *
 * <p>{@link #closing} is called on the application's threads, in every close: it costs a volatile
 * read while nothing is half-open, and otherwise an array access for every other connection.
 */
final class Suspects {

  /** What is known of one of them. */
  static final class Suspect {

    /** Its number; an object, so that it can be let go of where there is no memory for one. */
    final Integer number;

    final Connection connection;

    /** When it was found, in ms of the watchdog's clock. */
    final int since;

    final boolean byData;

    /** TCP_INFO at the moment the application closed it; 0 until then. */
    volatile int lastInfo;

    Suspect(Connection connection, int since, boolean byData) {
      this.number = connection.fd;
      this.connection = connection;
      this.since = since;
      this.byData = byData;
    }
  }

  private final Slots slots;
  private final Map<Integer, Suspect> byNumber = new ConcurrentHashMap<>();
  private volatile boolean any;

  Suspects(Slots slots) {
    this.slots = slots;
  }

  void add(Suspect suspect) {
    byNumber.put(suspect.number, suspect);
    any = true;
  }

  /** The one with this number, or null. */
  Suspect get(int number) {
    return byNumber.get(number);
  }

  /** Lets go of it; allocates nothing. */
  void remove(Suspect suspect) {
    byNumber.remove(suspect.number);
    any = !byNumber.isEmpty();
  }

  void clear() {
    byNumber.clear();
    any = false;
  }

  int size() {
    return byNumber.size();
  }

  /**
   * The application closes a descriptor: whether the kernel had dropped the connection before is
   * only to be seen now. Asks the kernel once for a half-open connection and for no other.
   */
  void closing(FileDescriptor fd) throws IOException {
    if (!any) {
      return;
    }
    int number = Kernel.number(fd);
    if (number < 0 || !Detector.isHalfOpen(slots.flags(number))) {
      return;
    }
    Suspect suspect = byNumber.get(number);
    if (suspect != null && suspect.lastInfo == 0) {
      suspect.lastInfo = Kernel.info(fd);
    }
  }
}
