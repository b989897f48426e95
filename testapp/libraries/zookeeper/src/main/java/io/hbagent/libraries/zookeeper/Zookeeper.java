package io.hbagent.libraries.zookeeper;

import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.hbagent.libraries.kit.Scratch;
import io.netty.channel.epoll.Epoll;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.ClientCnxnSocketNIO;
import org.apache.zookeeper.ClientCnxnSocketNetty;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.NettyServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/** ZooKeeper's client and a server of its own, both over NIO and over Netty. */
final class Zookeeper {
  private static final int LIMIT_SECONDS = Scenario.LIMIT_SECONDS;
  private static final int TICK_MILLIS = 2_000;

  /** The NIO server reads it for each connection; Netty's has no such switch. */
  private static final String SWITCH = "zookeeper.clientTcpKeepAlive";

  private Zookeeper() {}

  public static void main(String[] args) {
    Scenario.run(
        "ZooKeeper",
        ZooKeeper.class,
        report -> {
          write(
              report.variant("NIO").note("the server sets its SO_KEEPALIVE, to clientTcpKeepAlive"),
              NIOServerCnxnFactory.class,
              ClientCnxnSocketNIO.class);
          System.setProperty(SWITCH, "true");
          write(
              report.variant("NIO, clientTcpKeepAlive=true"),
              NIOServerCnxnFactory.class,
              ClientCnxnSocketNIO.class);
          System.clearProperty(SWITCH);
          Report netty = report.variant("Netty").note("native epoll");
          if (Epoll.isAvailable()) {
            write(netty, NettyServerCnxnFactory.class, ClientCnxnSocketNetty.class);
          } else {
            netty.skip("epoll is refused here: " + Epoll.unavailabilityCause());
          }
          members(report, false);
          members(report, true);
        });
  }

  private static void write(
      Report report, Class<? extends ServerCnxnFactory> serverSockets, Class<?> clientSocket)
      throws Exception {
    System.setProperty(ServerCnxnFactory.ZOOKEEPER_SERVER_CNXN_FACTORY, serverSockets.getName());
    ServerCnxnFactory listener =
        ServerCnxnFactory.createFactory(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    Path folder = Scratch.folder("zookeeper");
    listener.startup(new ZooKeeperServer(folder.toFile(), folder.toFile(), TICK_MILLIS));
    try {
      int port = listener.getLocalPort();
      CompletableFuture<Void> connected = new CompletableFuture<>();
      ZKClientConfig config = new ZKClientConfig();
      config.setProperty(ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, clientSocket.getName());
      ZooKeeper client =
          new ZooKeeper(
              "127.0.0.1:" + port,
              LIMIT_SECONDS * 1_000,
              event -> {
                if (event.getState() == KeeperState.SyncConnected) {
                  look(report, port, connected);
                }
              },
              config);
      try {
        connected.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        client.create("/42", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
      } finally {
        client.close();
      }
    } finally {
      listener.shutdown();
    }
  }

  /** Two servers that elect a leader, and one that follows it. */
  private static void members(Report report, boolean keepAlive) throws Exception {
    System.setProperty("zookeeper.tcpKeepAlive", "" + keepAlive);
    String setting = keepAlive ? ", tcpKeepAlive=true" : "";
    List<Member> both = Member.both();
    Member first = both.get(0);
    Member second = both.get(1);
    try {
      first.start(second, "ensemble-" + keepAlive);
      second.start(first, "ensemble-" + keepAlive);
      first.awaitQuorum(LIMIT_SECONDS);
      second.awaitQuorum(LIMIT_SECONDS);
      // For an election, the one with the higher number connects to the other.
      Report election =
          report.variant("election" + setting).note("SO_KEEPALIVE is set, to tcpKeepAlive");
      election.client(first.electionPort());
      election.server(first.electionPort());
      if (!keepAlive) {
        Report quorum = report.variant("follower to leader");
        int leader = (first.leads() ? first : second).quorumPort();
        quorum.client(leader);
        quorum.server(leader);
      }
    } finally {
      first.stop(LIMIT_SECONDS);
      second.stop(LIMIT_SECONDS);
    }
  }

  private static void look(Report report, int port, CompletableFuture<Void> connected) {
    try {
      report.client(port);
      report.server(port);
      connected.complete(null);
    } catch (Exception e) {
      connected.completeExceptionally(e);
    }
  }
}
