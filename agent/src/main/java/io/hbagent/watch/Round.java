package io.hbagent.watch;

import io.hbagent.hook.Failures;
import io.hbagent.keepalive.ConnectionTable;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Rules;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.TcpInfo;
import io.hbagent.tcp.Timers;
import java.io.FileDescriptor;
import java.io.IOException;

/**
 * One look at every connection: a getsockopt each, and nothing allocated as long as nothing is
 * found. On the watchdog's thread.
 *
 * <p>Between two looks a number can be closed and used again. Where a hook saw it, the entry of the
 * table has changed; where none did, the ends are compared before anything is said. What is done by
 * number (asking, and setting a user timeout) does no harm to a wrong socket.
 */
final class Round {

  private static final int TROUBLE = Detector.TIMEOUT_SET | Detector.TIMEOUT_FOREIGN;

  private final KeepaliveManager keeper;
  private final ConnectionTable table;
  private final Slots slots;
  private final Detector detector;
  private final Verdicts verdicts;
  private final Facts facts;
  private final UserTimeouts userTimeouts = new UserTimeouts();

  /** The one descriptor that is pointed at each number in turn. */
  private final FileDescriptor fd = Kernel.wrap(-1);

  private Rules rules;
  private Timers timers;
  private int now;
  private int watched;

  Round(KeepaliveManager keeper, Slots slots, Detector detector, Facts facts, Verdicts verdicts) {
    this.keeper = keeper;
    this.table = keeper.table();
    this.slots = slots;
    this.detector = detector;
    this.facts = facts;
    this.verdicts = verdicts;
  }

  /** Looks at all of them. */
  void run(int nowMillis) {
    begin(nowMillis, null);
    facts.forget();
    int end = table.end();
    for (int number = 0; number < end; number++) {
      int entry = table.entry(number);
      if (entry != ConnectionTable.UNKNOWN) {
        visit(number, entry);
      }
    }
  }

  /**
   * What is seen from here on is seen now.
   *
   * @param known the kernel's timers; null to read them when they are needed
   */
  void begin(int nowMillis, Timers known) {
    now = nowMillis;
    rules = keeper.rules();
    timers = known;
    watched = 0;
    verdicts.begin(rules, now);
  }

  /** How many connections the last round has looked at. */
  int watched() {
    return watched;
  }

  private void visit(int number, int entry) {
    int[] s = slots.pageOf(number);
    int at = Slots.at(number);
    int key = s[at + Slots.KEY];
    if (key == 0 || !ConnectionTable.isSame(key, entry)) {
      gone(number, s, at);
      Slots.begin(s, at, entry);
    } else if ((s[at + Slots.FLAGS] & Detector.GONE) != 0) {
      return;
    }
    point(number);
    int flags = s[at + Slots.FLAGS];
    int counts = s[at + Slots.COUNTS];
    try {
      look(number, entry, s, at, Kernel.info(fd));
    } catch (IOException e) {
      // Closed, or never was TCP.
      gone(number, s, at);
      s[at + Slots.FLAGS] |= Detector.GONE;
    } catch (OutOfMemoryError e) {
      // What was found has not been told: the next round shall come upon it again.
      s[at + Slots.FLAGS] = (flags & ~TROUBLE) | (s[at + Slots.FLAGS] & TROUBLE);
      s[at + Slots.COUNTS] = counts;
      throw e;
    } catch (RuntimeException | LinkageError e) {
      Failures.add(e); // the others are looked at all the same
    }
  }

  void gone(int number, int[] s, int at) {
    userTimeouts.gone(number);
    verdicts.gone(number, s, at);
  }

  /** Which number is looked at next. */
  void point(int number) {
    Kernel.point(fd, number);
  }

  /** One connection, as the kernel describes it. */
  void look(int number, int entry, int[] s, int at, int info) throws IOException {
    watched++;
    Policy policy = rules.policy(ConnectionTable.decisionOf(entry));
    Finding finding = detector.look(s, at, info, now, policy);
    if (s[at + Slots.PORTS] == 0 && Detector.isConnected(s[at + Slots.FLAGS])) {
      facts.learn(s, at, fd);
    }
    if (TcpInfo.retransmits(info) > 0 || (s[at + Slots.FLAGS] & TROUBLE) != 0) {
      userTimeouts.adapt(number, s, at, info, fd, policy);
    }
    if (finding == Finding.ASK) {
      finding = detector.answer(s, at, timer(s, at), info, now, policy);
    }
    if (finding != Finding.NOTHING) {
      if (finding != Finding.DISCONNECTED && !facts.isStill(s, at, fd)) {
        Slots.begin(s, at, entry); // another connection by now: the next look begins with it
        return;
      }
      verdicts.found(finding, number, s, at, info, fd);
    }
  }

  /** Read at most once a round, whatever number of connections is in doubt. */
  private int timer(int[] s, int at) {
    if (timers == null) {
      timers = Timers.read();
    }
    int ports = s[at + Slots.PORTS];
    return timers.of(Timers.key(ports >>> 16, ports & 0xFFFF, s[at + Slots.REMOTE + 3]));
  }

  /**
   * Takes back what the watchdog has set, when it ends, and forgets what it has seen: if it begins
   * again, what was half-open then may be long over.
   */
  void undo() {
    for (int number = 0; number < slots.end(); number++) {
      int[] s = slots.page(number);
      int at = Slots.at(number);
      if (s != null && s[at + Slots.KEY] != 0) {
        try {
          point(number);
          userTimeouts.clear(number, s, at, fd);
        } catch (IOException e) {
          // closed meanwhile
        }
        Slots.begin(s, at, 0);
      }
    }
    verdicts.forget();
  }
}
