package io.hbagent.libraries.netty41;

import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.hbagent.libraries.netty.Exchange;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.incubator.channel.uring.IOUring;
import io.netty.incubator.channel.uring.IOUringEventLoopGroup;
import io.netty.incubator.channel.uring.IOUringServerSocketChannel;
import io.netty.incubator.channel.uring.IOUringSocketChannel;
import java.util.function.IntFunction;

/** Netty 4.1's two transports and the incubator's io_uring, both ends. */
final class Netty41 {
  private Netty41() {}

  public static void main(String[] args) {
    Scenario.run("Netty 4.1", Bootstrap.class, Netty41::transports);
  }

  private static void transports(Report report) throws Exception {
    run(
        report,
        "NIO",
        null,
        NioEventLoopGroup::new,
        NioSocketChannel.class,
        NioServerSocketChannel.class);
    run(
        report,
        "epoll",
        Epoll.unavailabilityCause(),
        EpollEventLoopGroup::new,
        EpollSocketChannel.class,
        EpollServerSocketChannel.class);
    run(
        report,
        "io_uring (incubator)",
        IOUring.unavailabilityCause(),
        IOUringEventLoopGroup::new,
        IOUringSocketChannel.class,
        IOUringServerSocketChannel.class);
  }

  private static void run(
      Report report,
      String transport,
      Throwable unavailable,
      IntFunction<EventLoopGroup> groups,
      Class<? extends Channel> client,
      Class<? extends ServerChannel> server)
      throws Exception {
    Exchange.both(
        report,
        transport,
        unavailable,
        client,
        server,
        unavailable == null ? groups.apply(2) : null);
  }
}
