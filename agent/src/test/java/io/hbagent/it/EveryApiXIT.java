package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Connections opened or accepted by every API of the JDK have keepalive on both ends before the
 * application has them; other sockets do not.
 */
class EveryApiXIT {

  /** The scenarios each JDK must have run, so that a missing one fails the test. */
  private static final String NAMES =
      """
      socket-host-port socket-address-port socket-host-port-local socket-address-port-local
      socket-host-port-stream socket-address-port-stream socket-connect socket-connect-timeout
      socket-connect-bound socket-no-proxy socket-subclass socket-factory
      serversocket-port serversocket-port-backlog serversocket-accept serversocket-accept-timeout
      serversocket-bind serversocket-factory serversocket-implaccept
      serversocket-implaccept-subclass serversocket-pending
      channel-open-address channel-connect channel-nonblocking-selector channel-nonblocking-poll
      channel-finish-blocking channel-socket-connect channel-socket-connect-timeout
      serverchannel-accept serverchannel-nonblocking-selector serverchannel-nonblocking-poll
      serverchannel-socket-accept serverchannel-socket-accept-timeout
      serverchannel-socket-accept-channel
      async-connect-future async-connect-handler async-connect-group
      asyncserver-future-waiting asyncserver-future-pending
      asyncserver-handler-waiting asyncserver-handler-pending
      socks5-connect socks5-connect-timeout socks4-connect http-proxy-connect
      tls-host-port tls-address-port tls-connect tls-connect-timeout tls-layered
      tls-layered-channel tls-layered-server http-url
      """;

  private static final String NAMES_11 = "http-client-send http-client-async";

  @Test
  void requireIpv6() {
    boolean there;
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getAllByName("::1")[0])) {
      there = listener.isBound();
    } catch (IOException e) {
      there = false;
    }
    assumeTrue(there, "no IPv6 on this machine: that half of every test here is missing");
  }

  @TestFactory
  Stream<DynamicNode> withTheAgent() {
    return onEach(jdk -> true, jdk -> new Jvm(jdk).agent(ProbeRun.OPTIONS));
  }

  /** With {@code java.net.preferIPv4Stack} the JDK creates IPv4 sockets. */
  @TestFactory
  Stream<DynamicNode> withTheAgentAndIpv4Only() {
    return onEach(
        jdk -> true,
        jdk -> new Jvm(jdk).agent(ProbeRun.OPTIONS).option("-Djava.net.preferIPv4Stack=true"));
  }

  /** JDK 13 to 17 still have the old socket implementation, enabled by a system property. */
  @TestFactory
  Stream<DynamicNode> withTheAgentAndTheOldSockets() {
    return onEach(
        jdk -> jdk.version() >= 13 && jdk.version() <= 17,
        jdk -> new Jvm(jdk).agent(ProbeRun.OPTIONS).option("-Djdk.net.usePlainSocketImpl=true"));
  }

  /** Without the agent no connection has keepalive. */
  @TestFactory
  Stream<DynamicTest> withoutTheAgent() {
    return Jdk.each(jdk -> new Jvm(jdk).probe("tcp").noAgent());
  }

  /**
   * UDP sockets, Unix-domain sockets and pipes have the same options as without the agent, and
   * work.
   */
  @TestFactory
  Stream<DynamicTest> otherSockets() {
    return Jdk.each(
        jdk -> {
          ProbeRun without = new Jvm(jdk).probe("other");
          ProbeRun with = new Jvm(jdk).agent(ProbeRun.OPTIONS).probe("other").noFailures();
          with.check(without.lines().size() >= 20, "at least 20 sockets");
          with.check(
              with.lines().equals(without.lines()), without.forked().describe("the same as"));
        });
  }

  private static Stream<DynamicNode> onEach(Predicate<Jdk> wanted, Function<Jdk, Jvm> start) {
    return Jdk.all().stream()
        .filter(wanted)
        .map(
            jdk ->
                dynamicContainer(
                    jdk.toString(), Stream.of(jdk).flatMap(it -> tests(it, start.apply(it)))));
  }

  /** Returns a test for each scenario; one JVM runs them all. */
  private static Stream<DynamicTest> tests(Jdk jdk, Jvm jvm) {
    ProbeRun run;
    try {
      run = jvm.run("tcp");
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    Map<String, List<ProbeRun.Line>> byName =
        run.lines().stream()
            .collect(
                Collectors.groupingBy(
                    ProbeRun.Line::scenario, LinkedHashMap::new, Collectors.toList()));
    List<DynamicTest> tests = new ArrayList<>();
    tests.add(dynamicTest("every scenario ran", () -> complete(jdk, run, byName.keySet())));
    tests.add(dynamicTest("the agent made no error", run::noFailures));
    tests.add(dynamicTest("nothing is printed but the start line", () -> StartLine.only(run)));
    int combinations = combinations(run.lines());
    byName.forEach(
        (name, lines) ->
            tests.add(
                dynamicTest(
                    name,
                    () -> {
                      run.check(lines.size() == combinations, combinations + " ends of " + name);
                      for (ProbeRun.Line line : lines) {
                        run.check(
                            line.options().equals(ProbeRun.POLICY),
                            ProbeRun.POLICY + " on " + line);
                      }
                    })));
    return tests.stream();
  }

  private static void complete(Jdk jdk, ProbeRun run, Set<String> ran) {
    String names = jdk.version() >= 11 ? NAMES + NAMES_11 : NAMES;
    assertEquals(new TreeSet<>(List.of(names.trim().split("\\s+"))), new TreeSet<>(ran));
    run.check(run.exit() == 0, "exit 0");
    run.check(
        jdk.version() < 21
            || run.lines().stream().anyMatch(line -> line.thread().equals("thread=virtual")),
        "virtual threads");
  }

  /** Returns the number of combinations of end, family and kind of thread. */
  private static int combinations(List<ProbeRun.Line> lines) {
    return (int)
        lines.stream().map(line -> line.end() + line.family() + line.thread()).distinct().count();
  }
}
