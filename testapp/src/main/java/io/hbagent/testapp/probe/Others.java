package io.hbagent.testapp.probe;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.util.Map;

/** Sockets that are no TCP connections, which the agent must not change. */
final class Others {
  private Others() {}

  static void add(Map<String, Scenario> into) {
    into.put("udp-socket", setting -> socket(setting, false));
    into.put("udp-socket-connected", setting -> socket(setting, true));
    into.put(
        "udp-multicast",
        setting -> {
          try (MulticastSocket socket = new MulticastSocket(setting.anyPort())) {
            setting.report("client", Kernel.udp(socket.getLocalPort()));
          }
        });
    into.put("udp-from-socket", Others::datagramFromSocket);
    into.put("udp-channel", setting -> channel(setting, false));
    into.put("udp-channel-connected", setting -> channel(setting, true));
    into.put("pipe", Others::pipe);
  }

  private static void socket(Setting setting, boolean connect) throws Exception {
    try (DatagramSocket server = new DatagramSocket(setting.anyPort());
        DatagramSocket client = new DatagramSocket(setting.anyPort())) {
      server.setSoTimeout(Setting.LIMIT_SECONDS * 1000);
      if (connect) {
        client.connect(server.getLocalSocketAddress());
      }
      setting.report("client", Kernel.udp(client.getLocalPort()));
      setting.report("server", Kernel.udp(server.getLocalPort()));
      client.send(new DatagramPacket(new byte[] {42}, 1, server.getLocalSocketAddress()));
      DatagramPacket got = new DatagramPacket(new byte[1], 1);
      server.receive(got);
      Echo.check(got.getData()[0]);
    }
  }

  /** A {@code Socket} for UDP: a deprecated constructor, which the newest JDKs refuse. */
  @SuppressWarnings("deprecation")
  private static void datagramFromSocket(Setting setting) throws Exception {
    try (DatagramSocket server = new DatagramSocket(setting.anyPort())) {
      server.setSoTimeout(Setting.LIMIT_SECONDS * 1000);
      try (Socket client = new Socket(setting.loopback(), server.getLocalPort(), false)) {
        setting.report("client", Kernel.udp(client.getLocalPort()));
        client.getOutputStream().write(42);
        DatagramPacket got = new DatagramPacket(new byte[1], 1);
        server.receive(got);
        Echo.check(got.getData()[0]);
      } catch (IllegalArgumentException e) {
        Report.line(setting, "skipped reason=refused-by-this-jdk");
      }
    }
  }

  private static void channel(Setting setting, boolean connect) throws Exception {
    try (DatagramChannel server = DatagramChannel.open().bind(setting.anyPort());
        DatagramChannel client = DatagramChannel.open().bind(setting.anyPort())) {
      InetSocketAddress to = (InetSocketAddress) server.getLocalAddress();
      if (connect) {
        client.connect(to);
      }
      setting.report("client", Kernel.of(client));
      setting.report("server", Kernel.of(server));
      client.send(ByteBuffer.wrap(new byte[] {42}), to);
      ByteBuffer one = ByteBuffer.allocate(1);
      server.receive(one);
      Echo.check(one.get(0));
    }
  }

  private static void pipe(Setting setting) throws Exception {
    Pipe pipe = Pipe.open();
    try (Pipe.SinkChannel sink = pipe.sink();
        Pipe.SourceChannel source = pipe.source()) {
      setting.report("client", Kernel.of(sink));
      setting.report("server", Kernel.of(source));
      sink.write(ByteBuffer.wrap(new byte[] {42}));
      ByteBuffer one = ByteBuffer.allocate(1);
      source.read(one);
      Echo.check(one.get(0));
    }
  }
}
