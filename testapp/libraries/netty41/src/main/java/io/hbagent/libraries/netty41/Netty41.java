package io.hbagent.libraries.netty41;

import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.hbagent.libraries.netty.Exchange;
import io.netty.bootstrap.Bootstrap;
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

/** Netty 4.1's two transports and the incubator's io_uring, both ends. */
final class Netty41 {
  private static final int THREADS = 2;

  private Netty41() {}

  public static void main(String[] args) {
    Scenario.run("Netty 4.1", Bootstrap.class, Netty41::transports);
  }

  private static void transports(Report report) throws Exception {
    Exchange.both(
        report,
        "NIO",
        null,
        NioSocketChannel.class,
        NioServerSocketChannel.class,
        () -> new NioEventLoopGroup(THREADS));
    Exchange.both(
        report,
        "epoll",
        Epoll.unavailabilityCause(),
        EpollSocketChannel.class,
        EpollServerSocketChannel.class,
        () -> new EpollEventLoopGroup(THREADS));
    Exchange.both(
        report,
        "io_uring (incubator)",
        IOUring.unavailabilityCause(),
        IOUringSocketChannel.class,
        IOUringServerSocketChannel.class,
        () -> new IOUringEventLoopGroup(THREADS));
  }
}
