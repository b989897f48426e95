package io.hbagent.testapp.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hbagent.testapp.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The selector's own time-out is the timer: a client that probes has its one thread. */
class TimerThreadTest {
  @ParameterizedTest
  @ValueSource(strings = {"pingpong", "heartbeat"})
  void aClientThatProbesHasOneThread(String kind) throws IOException {
    Set<Thread> before = threads();
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String command =
          kind + " client --idle 0.05 --intvl 0.05 --cnt 1000 --port " + mute.getLocalPort();
      Program client = Program.of(command);
      client.await("silent for .*: probe 3");
      Set<String> names =
          threads().stream()
              .filter(thread -> !before.contains(thread) && !thread.getName().equals("stdin"))
              .map(Thread::getName)
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(Set.of(command), names);
      mute.accept().close();
      client.exits(1);
    }
  }

  /** Returns the threads of the program: the JVM's own are in other thread groups. */
  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> Thread.currentThread().getThreadGroup().equals(thread.getThreadGroup()))
        .collect(Collectors.toSet());
  }
}
