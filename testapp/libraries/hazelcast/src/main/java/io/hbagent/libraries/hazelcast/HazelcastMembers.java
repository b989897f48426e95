package io.hbagent.libraries.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.hbagent.libraries.kit.Scratch;
import java.util.List;

/** Hazelcast: two members of a cluster, with the defaults and with keepalive switched off. */
final class HazelcastMembers {
  private HazelcastMembers() {}

  public static void main(String[] args) {
    Scenario.run(
        "Hazelcast",
        Hazelcast.class,
        report -> {
          report.against("itself");
          join(report.variant(""), "true");
          join(report.variant("hazelcast.socket.keep.alive=false"), "false");
        });
  }

  private static void join(Report report, String keepAlive) throws Exception {
    List<Integer> ports = Scratch.ports(2);
    HazelcastInstance first = start(ports, 0, keepAlive);
    HazelcastInstance second = start(ports, 1, keepAlive);
    if (second.getCluster().getMembers().size() != 2) {
      throw new IllegalStateException("no cluster of two");
    }
    report.client(ports.get(0));
    report.server(ports.get(0));
    second.getLifecycleService().terminate();
    first.getLifecycleService().terminate();
  }

  private static HazelcastInstance start(List<Integer> ports, int own, String keepAlive) {
    Config config = new Config();
    config
        .setProperty("hazelcast.logging.type", "none")
        .setProperty("hazelcast.phone.home.enabled", "false")
        .setProperty("hazelcast.wait.seconds.before.join", "0")
        .setProperty("hazelcast.socket.keep.alive", keepAlive);
    config.getNetworkConfig().setPort(ports.get(own)).setPortAutoIncrement(false);
    config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    JoinConfig join = config.getNetworkConfig().getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true).addMember("127.0.0.1:" + ports.get(0));
    return Hazelcast.newHazelcastInstance(config);
  }
}
