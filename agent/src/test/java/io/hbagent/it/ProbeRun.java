package io.hbagent.it;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;

/** The output of a run of the probe. A failed check shows all of it. */
record ProbeRun(Forked forked, int exit) {

  /** Options of a connection on which none was set: the kernel defaults. */
  static final String UNTOUCHED = untouched(KernelTimers.read());

  /** The policy of most tests, as the agent's options and as the kernel reports it. */
  static final String OPTIONS = "idle=5,intvl=5,cnt=3";

  static final String POLICY = "keepalive=1 idle=5 intvl=5 cnt=3 user-timeout=0";

  private static String untouched(KernelTimers of) {
    return "keepalive=0 idle="
        + of.idle()
        + " intvl="
        + of.intvl()
        + " cnt="
        + of.cnt()
        + " user-timeout=0";
  }

  /** One end of one connection. */
  record Line(String scenario, String end, String family, String thread, String options) {
    static Line of(String text) {
      String[] words = text.split(" ", 5);
      return new Line(words[0], words[1], words[2], words[3], words[4]);
    }

    /** Returns a name that is unique within a run. */
    String key() {
      return scenario + " " + end + " " + family + " " + thread;
    }
  }

  /** Returns the ends of the connections. */
  List<Line> lines() {
    return lines(forked.out());
  }

  static List<Line> lines(List<String> printed) {
    return printed.stream().filter(text -> text.contains(" end=")).sorted().map(Line::of).toList();
  }

  /**
   * Returns its standard output without the lines about the agent, sorted, because either end of a
   * connection may report first.
   */
  List<String> printed() {
    return forked.out().stream()
        .filter(line -> !line.matches("(failures|first)[.a-z]*=.*"))
        .sorted()
        .toList();
  }

  /** Returns the lines of scenarios that open TCP connections. */
  Stream<Line> tcp() {
    return lines().stream().filter(line -> !line.scenario.matches("(udp|unix|pipe).*"));
  }

  /** Checks that every TCP connection has these options and that the agent counted no failure. */
  ProbeRun all(String options) {
    check(tcp().findAny().isPresent(), "connections");
    for (Line line : tcp().toList()) {
      check(line.options.equals(options), options + " on " + line.key());
    }
    return this;
  }

  /** Checks that the agent is installed and counted no failure. */
  ProbeRun noFailures() {
    check(forked.out().contains("failures=0"), "failures=0 from the agent");
    return this;
  }

  /** Checks that the agent is absent or inactive. */
  ProbeRun noAgent() {
    check(forked.out().contains("failures=absent"), "no trace of the agent");
    return all(UNTOUCHED);
  }

  void check(boolean good, String wanted) {
    if (!good) {
      Assertions.fail(forked.describe("wanted: " + wanted));
    }
  }
}
