package io.hbagent.libraries.netty42;

import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.hbagent.libraries.netty.Exchange;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;

/** Netty 4.2's three transports, both ends. */
public final class Netty42 {
  private Netty42() {}

  public static void main(String[] args) {
    Scenario.run("Netty 4.2", Bootstrap.class, Netty42::transports);
  }

  /** Runs each transport with its defaults and with keepalive off. */
  public static void transports(Report report) throws Exception {
    Exchange.both(
        report,
        "NIO",
        null,
        NioSocketChannel.class,
        NioServerSocketChannel.class,
        () -> group(NioIoHandler.newFactory()));
    Exchange.both(
        report,
        "epoll",
        Epoll.unavailabilityCause(),
        EpollSocketChannel.class,
        EpollServerSocketChannel.class,
        () -> group(EpollIoHandler.newFactory()));
    Exchange.both(
        report,
        "io_uring",
        IoUring.unavailabilityCause(),
        IoUringSocketChannel.class,
        IoUringServerSocketChannel.class,
        () -> group(IoUringIoHandler.newFactory()));
  }

  private static EventLoopGroup group(IoHandlerFactory handlers) {
    return new MultiThreadIoEventLoopGroup(2, handlers);
  }
}
