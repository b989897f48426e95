package io.hbagent.libraries.rocketmq;

import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.rocketmq.remoting.netty.NettyClientConfig;
import org.apache.rocketmq.remoting.netty.NettyRemotingClient;
import org.apache.rocketmq.remoting.netty.NettyRemotingServer;
import org.apache.rocketmq.remoting.netty.NettyRequestProcessor;
import org.apache.rocketmq.remoting.netty.NettyServerConfig;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.ResponseCode;

/**
 * RocketMQ's transport, both ends: producers and consumers are built upon its client, name server
 * and broker upon its server.
 */
final class RocketMq {
  private static final int LIMIT_MILLIS = Scenario.LIMIT_SECONDS * 1000;

  private RocketMq() {}

  public static void main(String[] args) {
    Scenario.run("RocketMQ", NettyRemotingClient.class, RocketMq::ask);
  }

  private static void ask(Report report) throws Exception {
    report.against("itself");
    report.note("both ends switch keepalive off, and have no switch for it");
    NettyServerConfig config = new NettyServerConfig();
    config.setBindAddress("127.0.0.1");
    config.setListenPort(0);
    NettyRemotingServer server = new NettyRemotingServer(config);
    ExecutorService executor = Executors.newSingleThreadExecutor();
    server.registerDefaultProcessor(new NameServer(report, server), executor);
    server.start();
    NettyRemotingClient client = new NettyRemotingClient(new NettyClientConfig());
    client.start();
    RemotingCommand answer =
        client.invokeSync(
            "127.0.0.1:" + server.localListenPort(),
            RemotingCommand.createRequestCommand(RequestCode.GET_ROUTEINFO_BY_TOPIC, null),
            LIMIT_MILLIS);
    if (answer.getCode() != ResponseCode.TOPIC_NOT_EXIST) {
      throw new IOException("answered " + answer);
    }
    client.shutdown();
    server.shutdown();
    executor.shutdown();
  }

  /** Both ends are in this process. */
  private record NameServer(Report report, NettyRemotingServer server)
      implements NettyRequestProcessor {
    @Override
    public RemotingCommand processRequest(ChannelHandlerContext context, RemotingCommand request)
        throws Exception {
      report.client(server.localListenPort());
      report.server(server.localListenPort());
      return RemotingCommand.createResponseCommand(ResponseCode.TOPIC_NOT_EXIST, "no such topic");
    }

    @Override
    public boolean rejectRequest() {
      return false;
    }
  }
}
