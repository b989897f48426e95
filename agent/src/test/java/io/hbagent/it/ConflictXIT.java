package io.hbagent.it;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The option {@code conflict} with applications that set keepalive themselves. */
class ConflictXIT {

  /** The options of an application that sets all of them. */
  private static final String WHOLE = "keepalive=1 idle=77 intvl=78 cnt=9";

  @TestFactory
  Stream<DynamicTest> enforced() {
    return Jdk.each(
        jdk -> {
          ProbeRun run = new Jvm(jdk).agent(ProbeRun.OPTIONS).probe("conflict");
          complete(jdk, run.all(ProbeRun.POLICY).noFailures());
        });
  }

  @TestFactory
  Stream<DynamicTest> enforcedByTheOption() {
    return Jdk.each(
        jdk ->
            new Jvm(jdk)
                .agent(ProbeRun.OPTIONS + ",conflict=enforce")
                .probe("conflict-socket-after-setKeepAlive")
                .all(ProbeRun.POLICY)
                .noFailures());
  }

  @TestFactory
  Stream<DynamicTest> respected() {
    return Jdk.each(
        jdk -> {
          ProbeRun run =
              new Jvm(jdk).agent(ProbeRun.OPTIONS + ",conflict=respect").probe("conflict");
          complete(jdk, run.noFailures());
          for (ProbeRun.Line line : run.lines()) {
            String wanted = respected(jdk, line.scenario());
            run.check(line.options().equals(wanted), wanted + " on " + line.key());
          }
        });
  }

  /** The policy detects a dead peer sooner than anything the application sets. */
  @TestFactory
  Stream<DynamicTest> tightenedByThePolicy() {
    return Jdk.each(
        jdk -> {
          ProbeRun run =
              new Jvm(jdk).agent(ProbeRun.OPTIONS + ",conflict=tighten").probe("conflict");
          complete(jdk, run.all(ProbeRun.POLICY).noFailures());
        });
  }

  /** 600 + 60 * 9 = 1140 s: later than what the application sets whole, 77 + 78 * 9 = 779 s. */
  @TestFactory
  Stream<DynamicTest> tightenedByTheApplication() {
    return Jdk.each(
        jdk -> {
          ProbeRun run =
              new Jvm(jdk).agent("idle=600,intvl=60,cnt=9,conflict=tighten").probe("conflict");
          complete(jdk, run.noFailures());
          for (ProbeRun.Line line : run.lines()) {
            boolean whole = respected(jdk, line.scenario()).startsWith(WHOLE);
            String wanted = whole ? WHOLE : "keepalive=1 idle=600 intvl=60 cnt=9";
            run.check(line.options().startsWith(wanted + " "), wanted + " on " + line.key());
          }
        });
  }

  /** The kernel's own timers, 60 + 10 * 3 = 90 s here, count where the application sets none. */
  @TestFactory
  Stream<DynamicTest> tightenedByTheSysctls() throws Exception {
    String sysctls = "/proc/sys/net/ipv4/tcp_keepalive_";
    List<String> inside =
        List.of(
            "unshare",
            "-n" + OtherUser.MAP_ROOT,
            "sh",
            "-c",
            "ip link set lo up && echo 60 > %stime && echo 10 > %sintvl && echo 3 > %sprobes && exec \"$@\""
                .replace("%s", sysctls),
            "sh");
    List<String> trial = new ArrayList<>(inside);
    trial.add("true");
    Forked.assumeRuns(trial, "no network namespaces here");
    return Jdk.each(
        jdk -> {
          ProbeRun run =
              new Jvm(jdk)
                  .under(inside)
                  .agent("idle=120,intvl=5,cnt=3,conflict=tighten")
                  .probe("conflict-socket-after-setKeepAlive-off-on");
          run.all("keepalive=1 idle=60 intvl=10 cnt=3 user-timeout=0").noFailures();
        });
  }

  /** Without the agent the application's options hold: the conflicts are real. */
  @TestFactory
  Stream<DynamicTest> withoutTheAgent() {
    return Jdk.each(
        jdk -> {
          ProbeRun run = new Jvm(jdk).probe("conflict");
          complete(jdk, run);
          for (ProbeRun.Line line : run.lines()) {
            run.check(!line.options().equals(ProbeRun.POLICY), "no policy on " + line.key());
          }
        });
  }

  /** Returns the expected options: the application's where it has set them, else the policy's. */
  private static String respected(Jdk jdk, String scenario) {
    String call =
        scenario.substring(
            scenario.lastIndexOf(scenario.contains("-before-") ? "-before-" : "-after-"));
    call = call.substring(call.indexOf('-', 1) + 1);
    // Before JDK 13 Socket.setOption on a channel's adaptor reaches no socket.
    if (jdk.version() < 13 && scenario.contains("channel-socket-") && !call.startsWith("set")) {
      return ProbeRun.POLICY;
    }
    return switch (call) {
      case "setKeepAlive", "setKeepAlive-on-off", "SO_KEEPALIVE" ->
          "keepalive=0 idle=5 intvl=5 cnt=3 user-timeout=0";
      case "setKeepAlive-off-on" -> ProbeRun.POLICY;
      case "TCP_KEEPIDLE" -> "keepalive=1 idle=77 intvl=5 cnt=3 user-timeout=0";
      case "TCP_KEEPINTERVAL" -> "keepalive=1 idle=5 intvl=78 cnt=3 user-timeout=0";
      case "TCP_KEEPCOUNT" -> "keepalive=1 idle=5 intvl=5 cnt=9 user-timeout=0";
      case "all" -> "keepalive=1 idle=77 intvl=78 cnt=9 user-timeout=0";
      default -> throw new IllegalArgumentException(scenario);
    };
  }

  /**
   * Checks that every kind of connection ran, before connecting and after, with each call its JDK
   * has.
   */
  private static void complete(Jdk jdk, ProbeRun run) {
    List<String> kinds =
        List.of(
            "socket-before-setKeepAlive",
            "socket-after-setKeepAlive",
            "channel-before-SO_KEEPALIVE",
            "channel-after-SO_KEEPALIVE",
            "channel-socket-before-setKeepAlive",
            "channel-socket-after-setKeepAlive",
            "async-before-SO_KEEPALIVE",
            "async-after-SO_KEEPALIVE",
            "tls-after-setKeepAlive",
            "serversocket-after-setKeepAlive",
            "serverchannel-after-SO_KEEPALIVE",
            "serverchannel-socket-after-setKeepAlive",
            "asyncserver-after-SO_KEEPALIVE");
    List<String> kinds11 =
        List.of("socket-before-all", "channel-before-all", "async-after-all", "tls-after-all");
    List<String> ran = run.lines().stream().map(ProbeRun.Line::scenario).toList();
    for (String kind : kinds) {
      run.check(ran.contains("conflict-" + kind), kind);
    }
    for (String kind : jdk.version() >= 11 ? kinds11 : List.<String>of()) {
      run.check(ran.contains("conflict-" + kind), kind);
    }
  }
}
