package io.hbagent.libraries.kafka;

import io.hbagent.libraries.kit.Scratch;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** A cluster of one node, with broker and controller in this process. */
final class Broker implements AutoCloseable {
  private static final String CONTROLLER = "CONTROLLER";
  private static final int NODE = 1;

  private final int port;
  private final int controllerPort;
  private final KafkaRaftServer server;

  Broker() throws Exception {
    List<Integer> ports = Scratch.ports(2);
    port = ports.get(0);
    controllerPort = ports.get(1);
    Path folder = Scratch.folder("kafka");
    new Formatter()
        .setNodeId(NODE)
        .setClusterId(Uuid.randomUuid().toString())
        .addDirectory(folder.toString())
        .setMetadataLogDirectory(folder.toString())
        .setControllerListenerName(CONTROLLER)
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .run();
    server = new KafkaRaftServer(new KafkaConfig(settings(folder)), Time.SYSTEM);
    server.startup();
  }

  private Map<String, String> settings(Path folder) {
    return Map.of(
        "process.roles",
        "broker,controller",
        "node.id",
        "" + NODE,
        "controller.quorum.voters",
        NODE + "@127.0.0.1:" + controllerPort,
        "controller.listener.names",
        CONTROLLER,
        "listeners",
        "PLAINTEXT://127.0.0.1:" + port + "," + CONTROLLER + "://127.0.0.1:" + controllerPort,
        "log.dirs",
        folder.toString(),
        // There is but one to keep them.
        "offsets.topic.replication.factor",
        "1",
        "offsets.topic.num.partitions",
        "1",
        "group.initial.rebalance.delay.ms",
        "0");
  }

  int port() {
    return port;
  }

  int controllerPort() {
    return controllerPort;
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
