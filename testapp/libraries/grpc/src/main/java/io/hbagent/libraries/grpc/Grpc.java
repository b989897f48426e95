package io.hbagent.libraries.grpc;

import io.grpc.CallOptions;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** gRPC's channel and server, over the copy of Netty they bring with them. */
final class Grpc {
  private static final int LIMIT_SECONDS = Scenario.LIMIT_SECONDS;

  /** The method descriptor, as generated from a .proto: a call that echoes its argument. */
  private static final MethodDescriptor<String, String> ECHO =
      MethodDescriptor.<String, String>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName(MethodDescriptor.generateFullMethodName("Demo", "Echo"))
          .setRequestMarshaller(new Text())
          .setResponseMarshaller(new Text())
          .build();

  private Grpc() {}

  public static void main(String[] args) {
    Scenario.run("gRPC-java", NettyChannelBuilder.class, Grpc::variants);
  }

  private static void variants(Report report) throws Exception {
    if (Epoll.isAvailable()) {
      overEpoll(report);
    } else {
      // It takes NIO then, whose rows are those below.
      report.skip("epoll is refused here: " + Epoll.unavailabilityCause());
    }
    overNio(report);
  }

  /** Calls over epoll, the default on Linux. */
  private static void overEpoll(Report report) throws Exception {
    call(report, "", "", server -> {}, client -> {});
    call(
        report,
        "SO_KEEPALIVE=false",
        "",
        server -> server.withChildOption(ChannelOption.SO_KEEPALIVE, false),
        client -> client.withOption(ChannelOption.SO_KEEPALIVE, false));
    call(
        report,
        "keepAliveTime(10 s)",
        "; HTTP/2 pings; on the client keepAliveTimeout as user timeout",
        server -> server.keepAliveTime(10, TimeUnit.SECONDS),
        client -> client.keepAliveTime(10, TimeUnit.SECONDS));
  }

  private static void overNio(Report report) throws Exception {
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    call(
        report,
        "channelType(NIO)",
        "",
        server ->
            server
                .channelType(NioServerSocketChannel.class)
                .bossEventLoopGroup(group)
                .workerEventLoopGroup(group),
        client -> client.channelType(NioSocketChannel.class).eventLoopGroup(group));
  }

  private static void call(
      Report all,
      String variant,
      String remark,
      Consumer<NettyServerBuilder> serverOptions,
      Consumer<NettyChannelBuilder> clientOptions)
      throws Exception {
    Report report = all.variant(variant);
    Ends ends = new Ends(report);
    NettyServerBuilder serves =
        NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            InsecureServerCredentials.create());
    serverOptions.accept(serves);
    Server server =
        serves
            .addTransportFilter(ends.accepted())
            .addService(
                ServerServiceDefinition.builder("Demo")
                    .addMethod(
                        ECHO,
                        ServerCalls.asyncUnaryCall(
                            (request, answer) -> {
                              answer.onNext(request);
                              answer.onCompleted();
                            }))
                    .build())
            .build()
            .start();
    NettyChannelBuilder connects =
        NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext();
    clientOptions.accept(connects);
    ManagedChannel channel = connects.addTransportFilter(ends.connected()).build();
    String answer =
        ClientCalls.blockingUnaryCall(
            channel,
            ECHO,
            CallOptions.DEFAULT.withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS),
            "42");
    if (!answer.equals("42")) {
      throw new AssertionError("another answer came back: " + answer);
    }
    report.note(ends.transport() + remark);
    boolean ended =
        channel.shutdownNow().awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS)
            && server.shutdownNow().awaitTermination(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      throw new AssertionError("still there after " + LIMIT_SECONDS + " s");
    }
  }
}
