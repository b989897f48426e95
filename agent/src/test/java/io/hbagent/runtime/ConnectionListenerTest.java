package io.hbagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.keepalive.Conflict;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Rules;
import io.hbagent.tcp.FakeSockets;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionListenerTest {

  /** Frames of the agent above a setsockopt; the bridge in java.base is one more. */
  private static final int FRAMES = 5;

  @Test
  void aConnectIsAFewFramesAboveTheSystemCall() throws Exception {
    try (FakeSockets sockets = new FakeSockets()) {
      Rules rules = new Rules(Policy.STANDARD, List.of());
      KeepaliveManager manager = new KeepaliveManager(rules, Conflict.ENFORCE);
      ConnectionListener listener = new ConnectionListener(manager, null);
      listener.connecting(sockets.open(5), InetAddress.getLoopbackAddress(), 5432);
      List<String> frames =
          List.of(sockets.lastSet).stream()
              .map(StackTraceElement::toString)
              .filter(frame -> frame.startsWith("io.hbagent.") || frame.contains("//io.hbagent."))
              .takeWhile(frame -> !frame.contains("ConnectionListenerTest"))
              .toList();
      assertTrue(frames.get(0).contains("FakeSockets.set"), frames::toString);
      assertEquals(FRAMES, frames.size(), frames::toString);
    }
  }
}
