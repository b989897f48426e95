package io.hbagent.libraries.nettyrelocated;

import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.hbagent.libraries.netty42.Netty42;
import io.netty.channel.Channel;
import io.netty.util.Version;

/**
 * Netty 4.2 as a library that keeps its own copy has it. Every name of Netty's here is another in
 * the scenario's jar.
 */
final class NettyRelocated {
  private NettyRelocated() {}

  public static void main(String[] args) {
    Scenario.run("Netty 4.2 relocated", version(), NettyRelocated::transports);
  }

  private static void transports(Report report) throws Exception {
    // Netty's native code has looked for its classes there, or its transports are skipped.
    Netty42.transports(report.note(Channel.class.getPackageName()));
  }

  /** Returns the version of Netty's parts, which no jar has in its name. */
  private static String version() {
    return Version.identify().values().iterator().next().artifactVersion();
  }
}
