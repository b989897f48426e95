package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hbagent.watch.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every field of the status against {@code ss} for the same connections: healthy ones, half-closed
 * ones, and those whose peer is cut off. {@code ss} does not show the user timeout.
 */
class AttachStatusXIT {

  /**
   * Round-trip delay of the distant peer: each probe stays unanswered for longer than a reading
   * takes.
   */
  private static final List<String> RULES =
      List.of(
          "rules = accepted, near, far",
          "rule.accepted.role = server",
          "rule.accepted.keepalive = off",
          "rule.near.remote = 127.0.0.0/8",
          "rule.near.idle = " + AttachStatusRow.IDLE,
          "rule.near.intvl = 10",
          "rule.near.cnt = 5",
          "rule.near.user-timeout = derived",
          "rule.far.remote = " + Network.PEER,
          "rule.far.idle = 1",
          "rule.far.intvl = " + AttachStatusRow.FAR_INTVL,
          "rule.far.cnt = 9");

  @TempDir Path folder;

  /** A status, and the kernel's values, which were equal before and after it. */
  private record Reading(Cli status, Map<String, Ss.Connection> kernel) {}

  @TestFactory
  Stream<DynamicTest> everyFieldIsTheKernels() {
    assumeTrue(Ss.isThere(), "iproute2's ss is not installed");
    return Jdk.each(this::compare);
  }

  private void compare(Jdk jdk) throws Exception {
    Path rules = Text.write(folder.resolve("rules.properties"), RULES.toArray(new String[0]));
    try (Network network = Network.create();
        AttachTargetApp peer = start(network.there(), jdk, "-Dhost=" + Network.PEER);
        AttachTargetApp app = start(network.here(), jdk)) {
      app.command("open 1");
      Cli.run(jdk, "attach", app.pid(), "config=" + rules).prints("attached", "1 off by rule");
      long start = System.nanoTime();
      app.command("open 2");
      String silent = dial(app, peer, 1);
      String closed = dial(app, peer, 2);
      peer.command("close");
      String half = dial(app, peer, 2);
      app.command("half");
      String talking = dial(app, peer, 3);
      await(app, network, closed, one -> one.state().equals("CLOSE-WAIT"));
      await(app, network, half, one -> one.state().equals("FIN-WAIT-2"));
      network.hole();
      app.command("send");
      await(app, network, silent, one -> one.timer().equals("keepalive") && one.count() > 0);
      await(app, network, talking, one -> one.timer().equals("on") && one.count() > 3);

      Reading reading = read(app, network, jdk);
      long seconds = (System.nanoTime() - start) / 1_000_000_000 + 1;
      Map<String, Map<String, String>> reported = byEnds(reading.status);
      assertEquals(reading.kernel.keySet(), reported.keySet());
      assertEquals(10, reported.size());
      for (String ends : reported.keySet()) {
        AttachStatusRow.check(reading.kernel.get(ends), reported.get(ends), seconds, app.port());
      }
      assertTrue(Integer.parseInt(reported.get(silent).get("probes")) > 0);
      assertTrue(Integer.parseInt(reported.get(talking).get("retransmits")) > 3);
      assertEquals(3, reported.values().stream().filter(one -> one.get("age-s") == null).count());
      AttachStatusText.check(Cli.run(jdk, "status", app.pid()), talking);
    }
  }

  private static AttachTargetApp start(ProcessBuilder host, Jdk jdk, String... options)
      throws Exception {
    return AttachTargetApp.startUnder(host.command(), jdk, AttachTargetApp.jar(), options);
  }

  /**
   * Connects to the peer, waits until that has {@code count} connections, and returns both ends of
   * the new one.
   */
  private static String dial(AttachTargetApp app, AttachTargetApp peer, int count)
      throws Exception {
    String dialed = app.command("dial " + Network.PEER + " " + peer.port()).get(0);
    peer.command("await " + count);
    String local = Network.OURS + ":" + dialed.substring("dialed ".length());
    return local + " " + Network.PEER + ":" + peer.port();
  }

  private static Map<String, Ss.Connection> kernel(Network network) throws Exception {
    Map<String, Ss.Connection> found = new TreeMap<>();
    for (Ss.Connection one : Ss.connections(network.here("ss", "-HtnoiO", "state", "connected"))) {
      found.put(one.local() + " " + one.remote(), one);
    }
    return found;
  }

  private static void await(
      AttachTargetApp app, Network network, String ends, Function<Ss.Connection, Boolean> wanted)
      throws Exception {
    Waiting.forValue(
        app.forked(), () -> wanted.apply(kernel(network).get(ends)) ? Boolean.TRUE : null);
  }

  private static Reading read(AttachTargetApp app, Network network, Jdk jdk) throws Exception {
    return Waiting.forValue(
        app.forked(),
        () -> {
          Map<String, Ss.Connection> before = kernel(network);
          Cli status = Cli.run(jdk, "status", "--json", app.pid()).prints("\"failures\": 0");
          Map<String, Ss.Connection> after = kernel(network);
          return states(before).equals(states(after)) ? new Reading(status, after) : null;
        });
  }

  private static Map<String, String> states(Map<String, Ss.Connection> kernel) {
    return kernel.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                each ->
                    each.getValue().state() + each.getValue().timer() + each.getValue().count()));
  }

  private static Map<String, Map<String, String>> byEnds(Cli status) {
    return StatusJson.connections(status).stream()
        .collect(Collectors.toMap(one -> one.get("local") + " " + one.get("remote"), one -> one));
  }
}
