package io.hbagent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hbagent.keepalive.Conflict;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Role;
import io.hbagent.keepalive.Rules;
import io.hbagent.log.Line;
import io.hbagent.tcp.FakeSockets;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.Options;
import io.hbagent.tcp.TcpInfo;
import io.hbagent.tcp.Timers;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rounds over one connection of a fake kernel; a report can fail. */
class RoundTest {

  private static final int NUMBER = 7;

  private static final class Reporter extends TransitionReporter {

    long status(String counter) {
      Map<String, Long> status = new HashMap<>();
      addTo(status);
      return status.get(counter);
    }

    final List<String> lines = new ArrayList<>();
    Throwable failure;

    @Override
    void write(Line line, boolean warning) {
      if (failure instanceof Error) {
        throw (Error) failure;
      } else if (failure != null) {
        throw (RuntimeException) failure;
      }
      String text = line.toString().replaceAll(" (local|remote|role|fd|age|opened-by)=\\S+", "");
      lines.add(text.substring("event=".length()));
    }
  }

  private final FakeSockets kernel = new FakeSockets();
  private final FileDescriptor fd = kernel.open(NUMBER);
  private final Reporter reporter = new Reporter();
  private final KeepaliveManager manager =
      new KeepaliveManager(
          new Rules(new Policy(true, 5, 1, 9, Policy.ADAPTIVE), List.of()), Conflict.ENFORCE);
  private final WatchedConnections connections = new WatchedConnections();
  private final Round round =
      new Round(manager, connections, reporter) {
        @Override
        int timer(WatchedConnection c) {
          return Timers.KEEPALIVE;
        }
      };

  private int now;

  RoundTest() throws IOException {
    kernel.connect(NUMBER, 1000, "127.0.0.1", 2000);
    Kernel.set(fd, Options.KEEPALIVE, 1);
    Kernel.set(fd, Options.IDLE, 5);
    Kernel.set(fd, Options.INTVL, 1);
    round.configure(new WatchSettings(true, 500, 1_500));
    manager.table().found(NUMBER, Role.CLIENT, Rules.NO_RULE);
    look(0, 0);
  }

  @AfterEach
  void close() {
    kernel.close();
  }

  @Test
  void aFixedUserTimeoutEndsItSooner() throws IOException {
    Kernel.set(fd, Options.INTVL, 3);
    Kernel.userTimeout(fd, 9_000);
    for (int looks = 0; looks < 8; looks++) {
      look(0, 1);
    }
    String line = "half-open cause=unanswered-probes unanswered=1/9 silent=6s dead-in=5s";
    assertEquals(List.of(line), reporter.lines);
  }

  private void look(int retransmits, int probes) {
    look(TcpInfo.ESTABLISHED, retransmits, probes);
  }

  private void look(int state, int retransmits, int probes) {
    kernel.info(NUMBER, FakeSockets.tcpInfo(state, retransmits, probes));
    run();
  }

  private void run() {
    now += 500;
    reporter.begin(now, true);
    round.run(now);
    reporter.end();
  }

  private void lookInVain(Runnable look) {
    if (reporter.failure instanceof OutOfMemoryError) {
      assertThrows(OutOfMemoryError.class, look::run);
    } else {
      look.run();
    }
  }

  private static Throwable failure(String name) {
    return switch (name) {
      case "memory" -> new OutOfMemoryError("as if");
      case "class" -> new NoClassDefFoundError("as if");
      default -> new IllegalStateException("as if");
    };
  }

  private void halfOpen() {
    look(0, 2);
    assertEquals(1, connections.halfOpenNow());
    reporter.lines.clear();
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "class", "other"})
  void halfOpenIsReportedAgain(String why) {
    reporter.failure = failure(why);
    lookInVain(() -> look(0, 2));
    lookInVain(() -> look(0, 2));
    assertEquals(0, connections.halfOpenNow());
    reporter.failure = null;
    look(0, 3);
    assertEquals(1, connections.halfOpenNow());
    look(0, 3);
    assertEquals(1, reporter.lines.size(), () -> "" + reporter.lines);
    assertEquals(
        "half-open cause=unanswered-probes unanswered=3/9 silent=7s dead-in=7s",
        reporter.lines.get(0));
    assertEquals(1, reporter.status("half-open-ever"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "class", "other"})
  void recoveryIsReportedAgain(String why) {
    halfOpen();
    reporter.failure = failure(why);
    lookInVain(() -> look(0, 0));
    assertEquals(1, connections.halfOpenNow());
    reporter.failure = null;
    look(0, 0);
    look(0, 0);
    assertEquals(List.of("recovered after=1s"), reporter.lines);
    assertEquals(0, connections.halfOpenNow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "class", "other"})
  void theEndIsReportedAgain(String why) {
    halfOpen();
    kernel.fail(NUMBER);
    reporter.failure = failure(why);
    lookInVain(() -> look(TcpInfo.CLOSE, 0, 2));
    reporter.failure = null;
    look(TcpInfo.CLOSE, 0, 2);
    look(TcpInfo.CLOSE, 0, 2);
    assertEquals(
        List.of("dead cause=reset after=1s socket=\"open, application not told yet\""),
        reporter.lines);
    assertEquals(0, connections.halfOpenNow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "class", "other"})
  void closingIsReportedAgain(String why) {
    halfOpen();
    kernel.close(NUMBER);
    reporter.failure = failure(why);
    lookInVain(this::run);
    reporter.failure = null;
    run();
    run();
    assertEquals(List.of("closed after=1s"), reporter.lines);
    assertEquals(0, connections.halfOpenNow());
  }

  /** A hook saw another connection with its number. */
  @ParameterizedTest
  @ValueSource(strings = {"memory", "class", "other"})
  void theNextConnectionOfItsNumberWaitsForItsReport(String why) {
    halfOpen();
    manager.table().found(NUMBER, Role.SERVER, Rules.NO_RULE);
    reporter.failure = failure(why);
    lookInVain(() -> look(0, 0));
    reporter.failure = null;
    look(0, 0);
    assertEquals(List.of("closed after=1s"), reporter.lines);
    halfOpen();
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "class", "other"})
  void halfClosedIsReportedAgain(String why) {
    for (int i = 0; i < 3; i++) {
      look(TcpInfo.CLOSE_WAIT, 0, 0);
    }
    reporter.failure = failure(why);
    lookInVain(() -> look(TcpInfo.CLOSE_WAIT, 0, 0));
    reporter.failure = null;
    look(TcpInfo.CLOSE_WAIT, 0, 0);
    look(TcpInfo.CLOSE_WAIT, 0, 0);
    assertEquals(1, reporter.lines.size());
    assertEquals(1, reporter.status("half-closed"));
  }

  /** No hook saw that a native library closed it and got its number again. */
  @Test
  void anUnseenSuccessorEndsIt() {
    halfOpen();
    kernel.connect(NUMBER, 1001, "127.0.0.1", 2000);
    look(0, 0);
    assertEquals(List.of("closed after=0.5s"), reporter.lines);
    assertEquals(0, connections.halfOpenNow());
  }

  @Test
  void theUserTimeoutIsSetWhileDataIsUnacknowledged() throws IOException {
    look(1, 0);
    assertEquals(14_000, Kernel.userTimeout(fd));
    look(0, 0);
    assertEquals(0, Kernel.userTimeout(fd));
    Kernel.userTimeout(fd, 3_000); // the application's own
    look(1, 0);
    look(0, 0);
    assertEquals(3_000, Kernel.userTimeout(fd));
    Kernel.userTimeout(fd, 0);
    look(1, 0);
    round.undo();
    assertEquals(0, Kernel.userTimeout(fd));
  }

  @Test
  void theFirstRoundAfterAPauseIsNotLate() {
    now += 1_000;
    look(1, 0);
    assertEquals(1_000, connections.get(NUMBER).late());
    round.undo();
    now += 60_000;
    look(1, 0);
    assertEquals(0, connections.get(NUMBER).late());
  }
}
