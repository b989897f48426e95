package io.hbagent.libraries.runner;

import io.hbagent.it.Jdk;
import java.nio.file.Path;
import java.util.List;

/** The mode of a scenario's run. */
enum Mode {
  /** Without the agent: the library's own options. */
  ALONE(null),
  /**
   * With the agent, which overrides the library. Numbers that no library uses: Apache HttpClient's
   * are 5/5/3.
   */
  ENFORCE("idle=6,intvl=4,cnt=3"),
  /** With the agent, which keeps what the library sets. */
  RESPECT("idle=6,intvl=4,cnt=3,conflict=respect"),
  /** With the agent, which keeps the library's options where they detect a dead peer sooner. */
  TIGHTEN("idle=60,intvl=10,cnt=3,conflict=tighten");

  /** The options under ENFORCE on every connection; only a library can have set a user timeout. */
  static final String POLICY = "keepalive=1 idle=6 intvl=4 cnt=3 ";

  /** Seconds within which TIGHTEN must detect a dead peer. */
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

  /** Returns the line of the agent's failure counter. */
  String failures() {
    return options == null ? "failures=absent" : "failures=0";
  }

  /** Returns the folder of a run, so that concurrent runs do not share files. */
  String folder(Jdk jdk) {
    return "run-" + jdk.version() + "-" + name().toLowerCase(java.util.Locale.ROOT);
  }
}
