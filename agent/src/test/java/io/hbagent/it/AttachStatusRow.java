package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.watch.Network;
import java.util.List;
import java.util.Map;

/** Compares one connection of {@link AttachStatusXIT} as the kernel and as the status report it. */
final class AttachStatusRow {

  static final int IDLE = 60;
  static final int FAR_INTVL = 30;

  private AttachStatusRow() {}

  /** Returns the numbers of unanswered probes and of retransmits. */
  static List<String> counts(Map<String, String> reported) {
    return List.of(reported.get("probes"), reported.get("retransmits"));
  }

  static void check(Ss.Connection kernel, Map<String, String> reported, long seconds, String port) {
    String both = kernel.line() + "\n" + reported;
    boolean accepted = kernel.local().endsWith(":" + port);
    boolean far = kernel.remote().startsWith(Network.PEER);
    assertEquals(
        kernel.state().equals("ESTAB") ? "ESTABLISHED" : kernel.state(), reported.get("state"));
    assertEquals(accepted ? "server" : "client", reported.get("role"), both);
    assertEquals(accepted ? "accepted" : far ? "far" : "near", reported.get("rule"), both);
    assertEquals(accepted ? "off" : "on", reported.get("keepalive"), both);
    String count = String.valueOf(kernel.count());
    boolean sending = kernel.timer().equals("on");
    // A probe that was out when data was written stays counted; ss shows one counter at a time.
    String probes = sending ? reported.get("probes") : count;
    assertEquals(List.of(probes, sending ? count : "0"), counts(reported), both);
    assertEquals(!accepted && !sending, kernel.timer().equals("keepalive"), both);
    assertTrue(
        reported.get("age-s") == null || Long.parseLong(reported.get("age-s")) <= seconds, both);
    String thread = reported.get("opened-by");
    assertTrue(thread == null || thread.equals(accepted ? "acceptor" : "main"), both);
    assertEquals(thread == null, reported.get("age-s") == null, both);
    if (accepted) {
      return;
    }
    List<String> carried =
        List.of(
            reported.get("idle"),
            reported.get("intvl"),
            reported.get("cnt"),
            reported.get("user-timeout-ms"));
    if (far) {
      assertEquals(List.of("1", "" + FAR_INTVL, "9", "0"), carried, both);
      assertTrue(sending || kernel.seconds() <= (kernel.count() == 0 ? 1 : FAR_INTVL), both);
    } else {
      assertEquals(List.of("" + IDLE, "10", "5", "110000"), carried, both);
      // The time left until the first probe, as it has been silent for no longer than this test.
      assertTrue(kernel.seconds() <= IDLE && kernel.seconds() >= IDLE - seconds - 5, both);
    }
  }
}
