package io.hbagent.libraries.runner;

import io.hbagent.it.Jdk;
import java.nio.file.Path;
import java.util.List;

/** How a scenario is run. */
enum Mode {
  /** Without the agent: what the library does by itself. */
  ALONE(null),
  /**
   * With the agent, whatever the library wants. Numbers no library has of its own: Apache
   * HttpClient's are 5/5/3.
   */
  ENFORCE("idle=6,intvl=4,cnt=3"),
  /** With the agent, which leaves the library what it sets by itself. */
  RESPECT("idle=6,intvl=4,cnt=3,conflict=respect"),
  /**
   * With the agent, which leaves the library what finds a dead peer sooner than its policy does.
   */
  TIGHTEN("idle=60,intvl=10,cnt=3,conflict=tighten");

  /** What ENFORCE must come to on every connection; only a library can have set a user timeout. */
  static final String POLICY = "keepalive=1 idle=6 intvl=4 cnt=3 ";

  /** By when TIGHTEN must have found a dead peer, in seconds. */
  static final int DEAD_AFTER = 90;

  private static final Path AGENT =
      Path.of(System.getProperty("hb-agent.jar")).toAbsolutePath().normalize();

  private final String options;

  Mode(String options) {
    this.options = options;
  }

  /**
   * @param more options of the agent that this scenario needs, or null
   */
  List<String> jvmOptions(String more) {
    String all = more == null ? options : options + "," + more;
    return options == null ? List.of() : List.of("-javaagent:" + AGENT + "=" + all);
  }

  /** What the agent's counter of its own errors must say. */
  String failures() {
    return options == null ? "failures=absent" : "failures=0";
  }

  /** The folder of a run, so that two at a time do not share files. */
  String folder(Jdk jdk) {
    return "run-" + jdk.version() + "-" + name().toLowerCase(java.util.Locale.ROOT);
  }
}
