package io.hbagent.watch;

import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Rules;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.TcpInfo;
import io.hbagent.text.Timestamp;
import java.io.FileDescriptor;
import java.io.IOException;

/**
 * Makes transitions of findings: what is said, and what is remembered. On the watchdog's thread.
 *
 * <p>What is remembered is forgotten last: where there is no memory for a transition, the round
 * comes again with the same finding.
 */
final class Verdicts {

  private final Facts facts;
  private final Suspects suspects;
  private final Reporter reporter;
  private int interval;
  private int halfClosedAfter;
  private Rules rules;
  private int now;

  Verdicts(Facts facts, Suspects suspects, Reporter reporter) {
    this.facts = facts;
    this.suspects = suspects;
    this.reporter = reporter;
  }

  void configure(int intervalMillis, int halfClosedAfterMillis) {
    interval = intervalMillis;
    halfClosedAfter = halfClosedAfterMillis;
  }

  void begin(Rules current, int nowMillis) {
    rules = current;
    now = nowMillis;
  }

  /** The detector has found something at an open descriptor. */
  void found(Finding finding, int number, int[] s, int at, int info, FileDescriptor fd)
      throws IOException {
    switch (finding) {
      case HALF_OPEN:
        halfOpen(number, s, at, info, fd);
        break;
      case RECOVERED:
        end(number, Count.RECOVERED);
        break;
      case DISCONNECTED:
        disconnected(number, s, at, info, fd);
        break;
      case HALF_CLOSED:
        halfClosed(number, s, at, fd);
        break;
      default:
        break;
    }
  }

  private void halfOpen(int number, int[] s, int at, int info, FileDescriptor fd) {
    boolean byData = Detector.isByData(s[at + Slots.FLAGS]);
    Connection connection = facts.of(number, s, at, rules, fd);
    Count what = byData ? Count.UNACKNOWLEDGED_DATA : Count.UNANSWERED_PROBES;
    Transition transition = new Transition(what, connection);
    Policy policy = connection.policy;
    if (byData) {
      transition.add("retransmits", TcpInfo.retransmits(info));
      long limit = policy.dataDeadAfter();
      if (limit > 0) {
        long elapsed = Estimate.elapsed(s, at, now);
        transition.add("dead-in", Transition.seconds(Math.max(0, limit - elapsed)));
      }
    } else if (Detector.isZeroWindow(s[at + Slots.FLAGS])) {
      transition.add("unanswered", TcpInfo.probes(info)).add("window", 0);
    } else {
      transition.add("unanswered", TcpInfo.probes(info) + "/" + policy.cnt());
      transition.add("silent", Transition.seconds(Estimate.silent(s, at, now, policy)));
      transition.add("dead-in", Transition.seconds(Estimate.deadIn(s, at, now, policy)));
    }
    Suspects.Suspect suspect = new Suspects.Suspect(connection, now, byData);
    suspects.add(suspect);
    try {
      reporter.take(transition);
    } catch (OutOfMemoryError e) {
      suspects.remove(suspect);
      throw e;
    }
  }

  /** The kernel has dropped it, or both ends have closed it; the descriptor is open. */
  private void disconnected(int number, int[] s, int at, int info, FileDescriptor fd)
      throws IOException {
    boolean unnoticed = Kernel.hasError(fd);
    Suspects.Suspect suspect = suspects.get(number);
    if (suspect == null && (!unnoticed || s[at + Slots.PORTS] == 0)) {
      return; // an ordinary end, or one the application has been told of
    }
    Connection connection =
        suspect == null ? facts.of(number, s, at, rules, fd) : suspect.connection;
    Policy policy = Facts.inForce(s[at + Slots.FLAGS], fd, connection.policy);
    Transition transition =
        new Transition(
            Estimate.isTimeout(s, at, info, now, interval, policy)
                ? Count.DEAD_TIMEOUT
                : Count.DEAD_RESET,
            connection);
    if (suspect != null) {
      transition.after(now - suspect.since);
    }
    reporter.take(transition.add("socket", unnoticed ? "open, application not told yet" : "open"));
    if (suspect != null) {
      suspects.remove(suspect);
    }
  }

  private void halfClosed(int number, int[] s, int at, FileDescriptor fd) {
    int elapsed = now - s[at + Slots.PEER_CLOSED];
    long millis = System.currentTimeMillis() - elapsed;
    Connection connection = facts.of(number, s, at, rules, fd);
    reporter.take(
        new Transition(Count.HALF_CLOSED, connection)
            .add("since", Timestamp.seconds(millis))
            .add("for", Transition.seconds(Math.max(elapsed, halfClosedAfter))));
  }

  /** The number is closed, or belongs to another connection by now. */
  void gone(int number, int[] s, int at) {
    if (!Detector.isHalfOpen(s[at + Slots.FLAGS])) {
      return;
    }
    Suspects.Suspect suspect = suspects.get(number);
    if (suspect == null) {
      return; // said already
    }
    Policy policy = suspect.connection.policy;
    int last = suspect.lastInfo;
    boolean dropped = last != 0 && TcpInfo.state(last) == TcpInfo.CLOSE;
    Count what = Count.CLOSED;
    if (dropped) {
      what =
          Estimate.isTimeout(s, at, last, now, interval, policy)
              ? Count.DEAD_TIMEOUT
              : Count.DEAD_RESET;
    } else if (last == 0 && Estimate.wasDue(s, at, now, interval, policy)) {
      what = Count.DEAD_TIMEOUT; // nobody saw it being closed, and it was time for the kernel
    }
    Transition transition = new Transition(what, suspect.connection);
    transition.after(now - suspect.since);
    reporter.take(what == Count.CLOSED ? transition : transition.add("socket", "closed"));
    suspects.remove(suspect);
  }

  private void end(int number, Count what) {
    Suspects.Suspect suspect = suspects.get(number);
    if (suspect != null) {
      reporter.take(new Transition(what, suspect.connection).after(now - suspect.since));
      suspects.remove(suspect);
    }
  }

  /** The watchdog ends: nobody will see how those that are half-open do. */
  void forget() {
    suspects.clear();
    reporter.forget();
  }
}
