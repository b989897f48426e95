package io.hbagent.hook;

import static io.hbagent.hook.HookPoint.ENTRY;
import static io.hbagent.hook.HookPoint.RETURN;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Every method that is woven, with its reason.
 *
 * <p>Checked with {@code javap} on OpenJDK 8, 11, 17, 21, 25 and 28. A method that a JDK does not
 * have is no error: the row ends as absent. At the entry of connect the options are set on the
 * socket before it is connected; {@code Net.accept} is native and cannot be woven.
 */
final class HookTable {

  private static final String NET = "sun/nio/ch/Net";
  private static final String PLAIN = "java/net/AbstractPlainSocketImpl";
  private static final String CHANNEL = "sun/nio/ch/ServerSocketChannelImpl";
  private static final String NIO_SOCKET = "sun/nio/ch/NioSocketImpl";

  static final String UNIX_SOCKET = "netty/channel/unix/Socket";
  static final String UNIX_DESCRIPTOR = "netty/channel/unix/FileDescriptor";
  private static final String LINUX_SOCKET = "/LinuxSocket";

  // The operations that rows are for, as they are named to the user. Connects of a Socket and of a
  // channel are one: from JDK 13 on they share a method, before it
  // the rows are of classes every JDK of that age has.
  private static final String CONNECT = "connect";
  private static final String ACCEPT = "accept of ServerSocket";
  private static final String ACCEPT_CHANNEL = "accept of ServerSocketChannel";
  private static final String ACCEPT_ASYNC =
      "accept of AsynchronousServerSocketChannel, and on Windows connect of"
          + " AsynchronousSocketChannel";
  private static final String LISTEN = "listen";
  private static final String OPTION = "an application that switches keepalive off";
  private static final String CLOSE = "close";
  private static final String TRANSPORT = "a native transport of Netty";
  private static final String FOREIGN = "foreign functions";

  /** The operation of the rows without which the transformer must stay registered. */
  static final String TRIGGER = "native libraries and class changes";

  /** The number of the first rows, whose classes any program that opens a socket needs. */
  static final int COMMON = 2;

  private HookTable() {}

  /**
   * Returns the operations for which this JVM has no method: each row is absent, so none failed. A
   * JDK that has renamed a method looks like this, as does an operating system with classes of its
   * own.
   *
   * @param rows all of them concluded
   */
  static List<String> missedOperations(HookPoint[] rows) {
    List<String> missed = new ArrayList<>();
    for (HookPoint row : rows) {
      if (!missed.contains(row.operation)) {
        missed.add(row.operation);
      }
    }
    for (HookPoint row : rows) {
      if (row.state() != HookPoint.State.ABSENT) {
        missed.remove(row.operation);
      }
    }
    return missed;
  }

  /** Returns a new table; rows carry state, so each installation has its own. */
  static HookPoint[] create() {
    return new HookPoint[] {
      new HookPoint(
          NET,
          "connect(Ljava/net/ProtocolFamily;Ljava/io/FileDescriptor;Ljava/net/InetAddress;I)",
          ENTRY,
          "connect 1 2 3",
          CONNECT,
          "connect of SocketChannel, AsynchronousSocketChannel and, from JDK 13, Socket"),
      new HookPoint(
          NIO_SOCKET,
          "accept(Ljava/net/SocketImpl;)",
          RETURN,
          "accept fd:0:sun/nio/ch/NioSocketImpl fd:1:sun/nio/ch/NioSocketImpl address:1:sun/nio/ch/NioSocketImpl"
              + " port:1:sun/nio/ch/NioSocketImpl",
          ACCEPT,
          "accept of ServerSocket, from JDK 13"),
      new HookPoint(
          PLAIN,
          "doConnect(Ljava/net/InetAddress;II)",
          ENTRY,
          "connect fd:0:java/net/SocketImpl 1 2",
          CONNECT,
          "connect of Socket, JDK 8 to 12 (13 to 17 behind a flag)"),
      new HookPoint(
          PLAIN,
          "accept(Ljava/net/SocketImpl;)",
          RETURN,
          "accept fd:0:java/net/SocketImpl fd:1:java/net/SocketImpl address:1:java/net/SocketImpl"
              + " port:1:java/net/SocketImpl",
          ACCEPT,
          "accept of ServerSocket, JDK 8 to 12 (13 to 17 behind a flag)"),
      // accept(), blockingAccept() and the socket() adaptor all end here. Not the constructor of
      // SocketChannelImpl, though it would do for every JDK: that class is loaded by many programs
      // that never accept, and is the largest of all.
      new HookPoint(
          CHANNEL,
          "finishAccept(Ljava/io/FileDescriptor;Ljava/net/",
          ENTRY,
          "accept fd:0:sun/nio/ch/ServerSocketChannelImpl 1 2",
          ACCEPT_CHANNEL,
          "accept of ServerSocketChannel, from JDK 13"),
      new HookPoint(
          CHANNEL,
          "accept(Ljava/io/FileDescriptor;Ljava/io/FileDescriptor;[Ljava/net/InetSocketAddress;)",
          RETURN,
          "accept 1 2 first:3",
          ACCEPT_CHANNEL,
          "accept of ServerSocketChannel, JDK 8 to 12; no address when no one was waiting"),
      new HookPoint(
          "sun/nio/ch/UnixAsynchronousServerSocketChannelImpl",
          "finishAccept(Ljava/io/FileDescriptor;Ljava/net/InetSocketAddress;",
          ENTRY,
          "accept fd:0:sun/nio/ch/UnixAsynchronousServerSocketChannelImpl 1 2",
          ACCEPT_ASYNC,
          "accept of AsynchronousServerSocketChannel, not on Windows"),
      // Shares ACCEPT_CHANNEL: Windows lacks this class, which is not to be reported as missed.
      new HookPoint(
          "sun/nio/ch/InheritedChannel$InheritedSocketChannelImpl",
          "<init>(Ljava/nio/channels/spi/SelectorProvider;Ljava/io/FileDescriptor;Ljava/net/",
          RETURN,
          "accept null 2 3",
          ACCEPT_CHANNEL,
          "System.inheritedChannel: a connection that inetd or systemd accepted"),
      // What a listener accepts inherits its options, without a system call.
      listen(NIO_SOCKET, "listen(I)", "listen of ServerSocket, from JDK 13"),
      listen(PLAIN, "listen(I)", "listen of ServerSocket, JDK 8 to 12 (13 to 17 behind a flag)"),
      listen(CHANNEL, "bind(Ljava/net/SocketAddress;I)", "listen of ServerSocketChannel"),
      listen(
          "sun/nio/ch/AsynchronousServerSocketChannelImpl",
          "bind(Ljava/net/SocketAddress;I)",
          "listen of AsynchronousServerSocketChannel"),
      new HookPoint(
          NET,
          "setSocketOption(Ljava/io/FileDescriptor;Ljava/net/ProtocolFamily;"
              + "Ljava/net/SocketOption;",
          RETURN,
          "option 0 2",
          OPTION,
          "an application that sets an option of a channel or, from JDK 13, of a Socket"),
      new HookPoint(
          PLAIN,
          "setOption(ILjava/lang/Object;)",
          RETURN,
          "option fd:0:java/net/SocketImpl 1",
          OPTION,
          "an application that calls setKeepAlive, JDK 8 to 12"),
      new HookPoint(
          "java/net/PlainSocketImpl",
          "setOption(Ljava/net/SocketOption;Ljava/lang/Object;)",
          RETURN,
          "option fd:0:java/net/SocketImpl 1",
          OPTION,
          "an application that sets TCP_KEEP* of a Socket, JDK 8 to 12"),
    };
  }

  /**
   * Returns the hooks at which native code comes into the JVM, which may open connections that pass
   * no hook, and at which the transformer must be registered again: no native transport comes
   * without its library, and other agents take out what is woven.
   *
   * @param classChanges whether to add the methods by which other agents redefine and retransform
   *     classes, for a transformer that may be deregistered. Not for an attached agent: each time
   *     this class is retransformed the JVM links its lambdas anew and keeps the old ones, six
   *     classes per attach and detach.
   */
  static HookPoint[] triggers(boolean classChanges) {
    HookPoint[] rows = {
      library("load0", "a native library by its path"),
      library("loadLibrary0", "a native library by its name"),
      new HookPoint(
          "jdk/internal/foreign/abi/AbstractLinker",
          "downcallHandle(",
          ENTRY,
          "foreign",
          FOREIGN,
          "a native function through the foreign function API, from JDK 22"),
      classChange("redefineClasses([Ljava/lang/instrument/ClassDefinition;)"),
      classChange("retransformClasses([Ljava/lang/Class;)"),
    };
    return classChanges ? rows : Arrays.copyOf(rows, rows.length - 2);
  }

  /**
   * Returns the hooks at close, which the watchdog needs: whether the kernel had dropped a
   * connection can only be read before it is closed. Native transports close by themselves.
   */
  static HookPoint[] closes() {
    String dispatcher = "sun/nio/ch/SocketDispatcher";
    String unix = "sun/nio/ch/UnixDispatcher";
    String inUse = "close of channels and Sockets that a thread is using, ";
    return new HookPoint[] {
      close(dispatcher, "close", "close of channels, and of Sockets, JDK 8 to 20"),
      close(dispatcher, "preClose", inUse + "JDK 8 to 20"),
      close(unix, "close", "close of channels and Sockets, from JDK 21"),
      close(unix, "implPreClose", inUse + "from JDK 21"),
      new HookPoint(
          PLAIN,
          "close()",
          ENTRY,
          "close fd:0:java/net/SocketImpl",
          CLOSE,
          "close of Socket, JDK 8 to 12 (13 to 17 behind a flag)"),
    };
  }

  /**
   * Returns the methods of Netty's native transports (epoll, kqueue, io_uring; 4.1 and 4.2), which
   * call the kernel by their own native code. The owner is the end of a class's name: copies of
   * Netty lie under any prefix. Checked with {@code javap} on Netty 4.1.137 and 4.2.18 and the
   * io_uring of the incubator; a method that a version lacks is no error.
   *
   * <p>A server wraps what it has accepted in a Socket before it makes a channel of it. Epoll and
   * kqueue connect through Socket.connect; io_uring connects through its ring, and asks the socket
   * for its remote end before it tells the application.
   */
  static HookPoint[] transports() {
    return new HookPoint[] {
      transport(
          UNIX_SOCKET, "<init>(I)", RETURN, "opened 1", "accept of Netty's native transports"),
      transport(
          UNIX_SOCKET,
          "connect(Ljava/net/SocketAddress;)",
          ENTRY,
          "connect number:0 1",
          "connect of Netty's epoll and kqueue"),
      transport(
          UNIX_SOCKET,
          "remoteAddress()",
          ENTRY,
          "connected number:0",
          "connect of Netty's io_uring, and with TCP Fast Open"),
      option(UNIX_SOCKET, "setKeepAlive(Z)", "SO_KEEPALIVE"),
      transport(
          UNIX_SOCKET,
          "setIntOpt(III)",
          RETURN,
          "option number:0 1 2",
          "an application that sets any option of a native transport by its number"),
      option(LINUX_SOCKET, "setTcpKeepIdle(I)", "TCP_KEEPIDLE"),
      option(LINUX_SOCKET, "setTcpKeepIntvl(I)", "TCP_KEEPINTERVAL"),
      option(LINUX_SOCKET, "setTcpKeepCnt(I)", "TCP_KEEPCOUNT"),
      transport(
          UNIX_DESCRIPTOR,
          "close()",
          ENTRY,
          "close number:0",
          "close of Netty's native transports"),
      transport(
          UNIX_DESCRIPTOR,
          "markClosed()",
          ENTRY,
          "close number:0",
          "close of Netty's io_uring, which goes through its ring"),
    };
  }

  private static HookPoint transport(
      String owner, String method, boolean atEntry, String call, String reason) {
    return new HookPoint(owner, method, atEntry, call, TRANSPORT, reason);
  }

  private static HookPoint option(String owner, String method, String name) {
    String reason = "an application that sets " + name + " of a native transport";
    return transport(owner, method, RETURN, "option number:0 name:" + name, reason);
  }

  private static HookPoint listen(String owner, String method, String reason) {
    String holder = owner.equals(PLAIN) ? "java/net/SocketImpl" : owner;
    return new HookPoint(owner, method, ENTRY, "listen fd:0:" + holder, LISTEN, reason);
  }

  private static HookPoint library(String method, String reason) {
    String parameters = "(Ljava/lang/Class;Ljava/lang/String;)";
    String call = "library 1";
    return new HookPoint("java/lang/Runtime", method + parameters, ENTRY, call, TRIGGER, reason);
  }

  private static HookPoint classChange(String method) {
    String owner = "sun/instrument/InstrumentationImpl";
    return new HookPoint(owner, method, ENTRY, "classChange", TRIGGER, "another agent");
  }

  private static HookPoint close(String owner, String method, String reason) {
    String signature = method + "(Ljava/io/FileDescriptor;";
    return new HookPoint(owner, signature, ENTRY, "close 1", CLOSE, reason);
  }
}
