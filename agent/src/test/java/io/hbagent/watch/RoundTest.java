package io.hbagent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hbagent.keepalive.Conflict;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Role;
import io.hbagent.keepalive.Rules;
import io.hbagent.log.Line;
import io.hbagent.tcp.TcpInfo;
import io.hbagent.tcp.Timers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rounds over one connection of a fake kernel; a report can fail. */
class RoundTest {

  private static final int NUMBER = 7;

  /** One connection. */
  private static final class Fake extends Sockets {

    int info = TcpInfo.of(TcpInfo.ESTABLISHED, 0, 0);
    int userTimeout;
    int localPort = 1000;
    boolean closed;
    boolean error;

    @Override
    void begin() {}

    @Override
    void select(int number) {
      assertEquals(NUMBER, number);
    }

    @Override
    int info() throws IOException {
      if (closed) {
        throw new IOException("Bad file descriptor");
      }
      return info;
    }

    @Override
    InetSocketAddress local() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), localPort);
    }

    @Override
    InetSocketAddress remote() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 2000);
    }

    @Override
    boolean hasError() {
      return error;
    }

    @Override
    int userTimeout() {
      return userTimeout;
    }

    @Override
    void userTimeout(int millis) {
      userTimeout = millis;
    }

    @Override
    Policy options(int millis) {
      return new Policy(true, 5, 1, 9, millis);
    }

    @Override
    int timer(WatchedConnection c) {
      return Timers.KEEPALIVE;
    }
  }

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

  private final Fake kernel = new Fake();
  private final Reporter reporter = new Reporter();
  private final KeepaliveManager manager =
      new KeepaliveManager(
          new Rules(new Policy(true, 5, 1, 9, Policy.ADAPTIVE), List.of()), Conflict.ENFORCE);
  private final WatchedConnections connections = new WatchedConnections();
  private final Round round = new Round(manager, connections, reporter, kernel);
  private int now;

  RoundTest() {
    round.configure(new WatchSettings(true, true, 500, 0, 1_500, false));
    manager.table().found(NUMBER, Role.CLIENT, Rules.NO_RULE);
    look(0, 0);
  }

  private void look(int retransmits, int probes) {
    look(TcpInfo.ESTABLISHED, retransmits, probes);
  }

  private void look(int state, int retransmits, int probes) {
    kernel.info = TcpInfo.of(state, retransmits, probes);
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
    kernel.error = true;
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
    kernel.closed = true;
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
    kernel.localPort++;
    look(0, 0);
    assertEquals(List.of("closed after=0.5s"), reporter.lines);
    assertEquals(0, connections.halfOpenNow());
  }

  @Test
  void theUserTimeoutIsSetWhileDataIsUnacknowledged() {
    look(1, 0);
    assertEquals(14_000, kernel.userTimeout);
    look(0, 0);
    assertEquals(0, kernel.userTimeout);
    kernel.userTimeout = 3_000; // the application's own
    look(1, 0);
    look(0, 0);
    assertEquals(3_000, kernel.userTimeout);
    kernel.userTimeout = 0;
    look(1, 0);
    round.undo();
    assertEquals(0, kernel.userTimeout);
  }
}
