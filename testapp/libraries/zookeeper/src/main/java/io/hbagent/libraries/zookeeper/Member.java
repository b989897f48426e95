package io.hbagent.libraries.zookeeper;

import io.hbagent.libraries.kit.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.server.quorum.QuorumPeer;
import org.apache.zookeeper.server.quorum.QuorumPeer.ServerState;
import org.apache.zookeeper.server.quorum.QuorumPeer.ZabState;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/** A server of an ensemble of two, as zkServer.sh starts it. */
final class Member extends QuorumPeerMain {
  private final int number;
  private final int quorumPort;
  private final int electionPort;
  private final int clientPort;
  private Thread thread;

  private Member(int number, List<Integer> ports) {
    this.number = number;
    quorumPort = ports.get(0);
    electionPort = ports.get(1);
    clientPort = ports.get(2);
  }

  /** The first and the second. */
  static List<Member> both() throws IOException {
    List<Integer> ports = Scratch.ports(6);
    return List.of(new Member(1, ports.subList(0, 3)), new Member(2, ports.subList(3, 6)));
  }

  int quorumPort() {
    return quorumPort;
  }

  int electionPort() {
    return electionPort;
  }

  /** Starts it in a folder of its own, beside the other. */
  void start(Member other, String ensemble) throws Exception {
    Path folder = Scratch.folder(ensemble + "-" + number);
    Files.writeString(folder.resolve("myid"), "" + number);
    Path settings = folder.resolve("zoo.cfg");
    Files.write(
        settings,
        List.of(
            "dataDir=" + folder,
            "tickTime=2000",
            "initLimit=5",
            "syncLimit=5",
            "admin.enableServer=false",
            line(),
            other.line()));
    QuorumPeerConfig config = new QuorumPeerConfig();
    config.parse(settings.toString());
    thread = new Thread(() -> run(config), "member " + number);
    thread.setDaemon(true);
    thread.start();
  }

  private String line() {
    return "server."
        + number
        + "=127.0.0.1:"
        + quorumPort
        + ":"
        + electionPort
        + ";127.0.0.1:"
        + clientPort;
  }

  private void run(QuorumPeerConfig config) {
    try {
      runFromConfig(config);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns once it serves clients: as the leader, or connected to it. */
  void awaitQuorum(int seconds) throws InterruptedException, TimeoutException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (quorumPeer == null || quorumPeer.getZabState() != ZabState.BROADCAST) {
      if (System.nanoTime() > end) {
        throw new TimeoutException(this + " after " + seconds + " s");
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  boolean leads() {
    return quorumPeer.getPeerState() == ServerState.LEADING;
  }

  void stop(int seconds) throws InterruptedException {
    if (quorumPeer != null) {
      quorumPeer.shutdown();
      thread.join(TimeUnit.SECONDS.toMillis(seconds));
    }
  }

  @Override
  public String toString() {
    QuorumPeer peer = quorumPeer;
    return "member "
        + number
        + (peer == null ? " not started" : " " + peer.getPeerState() + " " + peer.getZabState());
  }
}
