package io.hbagent.watch;

import io.hbagent.keepalive.Conflict;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Role;
import io.hbagent.keepalive.Rule;
import io.hbagent.keepalive.Rules;
import io.hbagent.log.Line;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.OwnSocket;
import io.hbagent.tcp.TcpInfo;
import io.hbagent.tcp.Timers;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;

/**
 * Goes once through all that a finding needs, before there is one: on the watchdog's thread, with a
 * socket of the agent's own and invented looks at it, and nothing of it is counted or said.
 *
 * <p>For where the application has no memory left when the first finding comes. A class whose
 * initialiser meets an empty heap is unusable for as long as the JVM runs (JVMS 5.5, step 11), and
 * those of the JDK are the application's as well: reading the kernel's timers, the watchdog has
 * left an application without {@code Long.valueOf}.
 */
final class Rehearsal {

  /** Of seven transitions each: more than are written one by one. */
  private static final int EPISODES = 4;

  private static final int STEP_MILLIS = 1_000;

  /** As the kernel writes a line ({@code net/ipv4/tcp_ipv4.c}, get_tcp4_sock). */
  private static final String TIMERS =
      "  0: 0100007F:1F90 0100007F:C350 01 00000000:00000000 02:000003E8 00000000     0        0 1\n";

  /** Says nothing, and asks no other thread for its stack. */
  private static final class Silent extends Reporter {

    @Override
    void record(Transition transition) {
      // a recording is for what has happened
    }

    @Override
    BlockedThreads blocked() {
      StackTraceElement read =
          new StackTraceElement("java.net.SocketInputStream", "socketRead", "", 1);
      Map<Thread, StackTraceElement[]> one =
          Collections.singletonMap(Thread.currentThread(), new StackTraceElement[] {read});
      return BlockedThreads.among(one);
    }

    @Override
    void write(Line line, boolean warning) {
      // it has been put together
    }
  }

  private final Rules rules =
      new Rules(new Policy(true, 1, 1, 100, Policy.ADAPTIVE), Collections.<Rule>emptyList());
  private final KeepaliveManager keeper = new KeepaliveManager(rules, Conflict.ENFORCE);
  private final Slots slots = new Slots();
  private final Detector detector = new Detector();
  private final Facts facts = new Facts(keeper.table());
  private final Reporter silent = new Silent();
  private final Verdicts verdicts = new Verdicts(facts, new Suspects(slots), silent);
  private final Round round = new Round(keeper, slots, detector, facts, verdicts);
  private final Timers timers = Timers.of(TIMERS.getBytes(StandardCharsets.US_ASCII));
  private final FileDescriptor fd;
  private final int number;
  private final int[] s;
  private final int at;
  private int now;

  private Rehearsal(FileDescriptor fd) {
    this.fd = fd;
    this.number = Kernel.number(fd);
    this.s = slots.pageOf(number);
    this.at = Slots.at(number);
  }

  /**
   * Runs once. Nothing is thrown: what is wrong here, a round comes upon as well, and it is counted
   * there.
   *
   * @return whether there was memory for it
   */
  static boolean run() {
    try (OwnSocket socket = OwnSocket.open()) {
      new Rehearsal(socket.descriptor()).everyFinding();
    } catch (OutOfMemoryError e) {
      return false;
    } catch (Throwable e) {
      // see above
    }
    return true;
  }

  private void everyFinding() throws IOException {
    InetSocketAddress local = Kernel.local(fd);
    keeper.found(fd, Role.CLIENT, local, local);
    askForRemote();
    silent.logging(true);
    round.point(number);
    for (int i = 0; i < EPISODES; i++) {
      begin(local);
      see(TcpInfo.of(TcpInfo.ESTABLISHED, 0, 0));
      see(TcpInfo.of(TcpInfo.ESTABLISHED, 0, 1));
      see(TcpInfo.of(TcpInfo.ESTABLISHED, 0, 9)); // half-open
      see(TcpInfo.of(TcpInfo.ESTABLISHED, 0, 0));
      see(TcpInfo.of(TcpInfo.ESTABLISHED, 0, 0)); // recovered
      see(TcpInfo.of(TcpInfo.ESTABLISHED, 20, 0)); // half-open, by data
      see(TcpInfo.of(TcpInfo.CLOSE, 20, 0)); // dead
      begin(local);
      see(TcpInfo.of(TcpInfo.ESTABLISHED, 20, 0));
      round.gone(number, s, at); // closed
      begin(local);
      see(TcpInfo.of(TcpInfo.CLOSE_WAIT, 0, 0));
      now += 60_000;
      see(TcpInfo.of(TcpInfo.CLOSE_WAIT, 0, 0)); // half-closed
    }
    silent.flush(now);
    round.undo();
    silent.status(0, 0, 0);
  }

  /** It has none; on JDK 8 and 11 /proc is read for it, once, as in a round that learns one. */
  private void askForRemote() {
    try {
      facts.learn(s, at, fd);
    } catch (IOException e) {
      // not connected
    }
  }

  private void begin(InetSocketAddress local) {
    Slots.begin(s, at, 1);
    facts.note(s, at, local, new InetSocketAddress(local.getAddress(), 1));
  }

  private void see(int info) throws IOException {
    now += STEP_MILLIS;
    round.begin(now, timers);
    round.look(number, 1, s, at, info);
  }
}
