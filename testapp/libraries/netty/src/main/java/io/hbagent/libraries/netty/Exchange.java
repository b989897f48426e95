package io.hbagent.libraries.netty;

import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One connection between a Bootstrap and a ServerBootstrap, and a byte back and forth; as they are,
 * and with the option that says no.
 */
public final class Exchange {
  private static final int LIMIT_SECONDS = Scenario.LIMIT_SECONDS;

  private final CompletableFuture<Byte> answer = new CompletableFuture<>();

  private Exchange() {}

  /**
   * Runs both variants of a transport, or skips them if it is not available here.
   *
   * @param unavailable why it is not, or null
   * @param groups makes its event loops, where it is
   */
  public static void both(
      Report report,
      String transport,
      Throwable unavailable,
      Class<? extends Channel> client,
      Class<? extends ServerChannel> server,
      Supplier<? extends EventLoopGroup> groups)
      throws Exception {
    EventLoopGroup group = unavailable == null ? groups.get() : null;
    for (boolean off : new boolean[] {false, true}) {
      Report variant = report.variant(transport + (off ? ", SO_KEEPALIVE=false" : ""));
      if (unavailable != null) {
        variant.skip(transport + " is refused here: " + unavailable);
        continue;
      }
      Bootstrap connects = new Bootstrap().group(group).channel(client);
      ServerBootstrap accepts = new ServerBootstrap().group(group).channel(server);
      if (off) {
        connects.option(ChannelOption.SO_KEEPALIVE, false);
        accepts.childOption(ChannelOption.SO_KEEPALIVE, false);
      }
      new Exchange().run(variant, connects, accepts);
    }
  }

  private void run(Report report, Bootstrap connects, ServerBootstrap accepts) throws Exception {
    accepts.childHandler(initialiser(new Server(), channel -> report.server(port(channel))));
    Channel listener = accepts.bind(InetAddress.getLoopbackAddress(), 0).sync().channel();
    int port = port(listener);
    connects.handler(initialiser(new Client(report, port), channel -> {}));
    Channel client = connects.connect(listener.localAddress()).sync().channel();
    if (answer.get(LIMIT_SECONDS, TimeUnit.SECONDS) != 42) {
      throw new AssertionError("another byte came back");
    }
    client.close().sync();
    listener.close().sync();
  }

  private static int port(Channel channel) {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  private interface Look {
    void at(Channel channel) throws Exception;
  }

  /** Of an accepted channel, the first the application sees. */
  private ChannelInitializer<Channel> initialiser(Bytes handler, Look look) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        try {
          look.at(channel);
        } catch (Exception e) {
          answer.completeExceptionally(e);
        }
        channel.pipeline().addLast(handler);
      }
    };
  }

  private abstract class Bytes extends SimpleChannelInboundHandler<ByteBuf> {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close().addListener(closed -> answer.completeExceptionally(cause));
    }
  }

  private final class Server extends Bytes {
    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
      context
          .writeAndFlush(message.retain())
          .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }
  }

  private final class Client extends Bytes {
    private final Report report;
    private final int port;

    Client(Report report, int port) {
      this.report = report;
      this.port = port;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
      report.client(port);
      context
          .writeAndFlush(context.alloc().buffer(1).writeByte(42))
          .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
      answer.complete(message.readByte());
    }
  }
}
