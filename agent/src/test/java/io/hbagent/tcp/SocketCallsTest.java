package io.hbagent.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.jupiter.api.Test;

/** The behaviour that {@link FakeSockets} claims, and the kernel has. */
class SocketCallsTest {

  /** Sockets on loopback, or in memory. */
  private interface Sockets extends AutoCloseable {
    FileDescriptor open() throws Exception;

    FileDescriptor listen() throws Exception;

    void connect(FileDescriptor fd, int port) throws Exception;

    FileDescriptor accept(FileDescriptor listener) throws Exception;

    void close(FileDescriptor fd) throws Exception;

    @Override
    void close() throws IOException;
  }

  private static final class InMemory implements Sockets {
    final FakeSockets fake = new FakeSockets();
    int next = 5;

    @Override
    public FileDescriptor open() {
      return fake.open(next++);
    }

    @Override
    public FileDescriptor listen() {
      FileDescriptor fd = fake.open(next);
      fake.listen(next++, 4711);
      return fd;
    }

    @Override
    public void connect(FileDescriptor fd, int port) {
      fake.connect(fake.number(fd), 40_000, "127.0.0.1", port);
    }

    @Override
    public FileDescriptor accept(FileDescriptor listener) {
      return fake.accept(fake.number(listener), next++, "127.0.0.1", 40_000);
    }

    @Override
    public void close(FileDescriptor fd) {
      fake.close(fake.number(fd));
    }

    @Override
    public void close() {
      fake.close();
    }
  }

  private static final class OfTheKernel implements Sockets {
    final Map<FileDescriptor, NetworkChannel> channels = new HashMap<>();

    private FileDescriptor hold(NetworkChannel channel) throws Exception {
      Method descriptor = Class.forName("sun.nio.ch.SelChImpl").getMethod("getFD");
      descriptor.setAccessible(true);
      FileDescriptor fd = (FileDescriptor) descriptor.invoke(channel);
      channels.put(fd, channel);
      return fd;
    }

    @Override
    public FileDescriptor open() throws Exception {
      return hold(SocketChannel.open());
    }

    @Override
    public FileDescriptor listen() throws Exception {
      return hold(
          ServerSocketChannel.open()
              .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    }

    @Override
    public void connect(FileDescriptor fd, int port) throws IOException {
      ((SocketChannel) channels.get(fd))
          .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    @Override
    public FileDescriptor accept(FileDescriptor listener) throws Exception {
      return hold(((ServerSocketChannel) channels.get(listener)).accept());
    }

    @Override
    public void close(FileDescriptor fd) throws IOException {
      channels.remove(fd).close();
    }

    @Override
    public void close() throws IOException {
      for (NetworkChannel channel : channels.values()) {
        channel.close();
      }
    }
  }

  @Test
  void inMemory() throws Exception {
    try (Sockets sockets = new InMemory()) {
      behaves(sockets);
    }
  }

  @Test
  void ofTheKernel() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "the numbers are Linux'");
    Map<String, Set<Module>> opens = new HashMap<>();
    opens.put("sun.nio.ch", Set.of(Kernel.class.getModule()));
    Module base = Object.class.getModule();
    ByteBuddyAgent.install().redefineModule(base, Set.of(), Map.of(), opens, Set.of(), Map.of());
    try (Sockets sockets = new OfTheKernel()) {
      behaves(sockets);
    }
  }

  private static void behaves(Sockets sockets) throws Exception {
    FileDescriptor client = sockets.open();
    assertEquals(TcpInfo.CLOSE, TcpInfo.state(Kernel.info(client)));
    assertTrue(Kernel.isTcp(client));
    assertEquals(0, Kernel.local(client).getPort());
    assertEquals(false, Kernel.keepAlive(client));
    assertEquals(0, Kernel.get(client, Options.USER_TIMEOUT));

    int[] max = {1, 32767, 32767, 127, 60_000};
    for (int i = 0; i < max.length; i++) {
      Kernel.set(client, 1 << i, max[i]);
      assertEquals(max[i], Kernel.get(client, 1 << i));
    }
    for (int option = Options.IDLE; option <= Options.CNT; option <<= 1) {
      int refused = option;
      assertThrows(SocketException.class, () -> Kernel.set(client, refused, 0));
      int above = option == Options.CNT ? 128 : 32768;
      assertThrows(SocketException.class, () -> Kernel.set(client, refused, above));
    }

    FileDescriptor listener = sockets.listen();
    assertEquals(TcpInfo.LISTEN, TcpInfo.state(Kernel.info(listener)));
    Kernel.set(listener, Options.KEEPALIVE, 1);
    Kernel.set(listener, Options.IDLE, 66);
    int port = Kernel.local(listener).getPort();
    sockets.connect(client, port);
    assertEquals(TcpInfo.ESTABLISHED, TcpInfo.state(Kernel.info(client)));
    assertEquals(port, Kernel.remote(client).getPort());
    assertEquals(32767, Kernel.get(client, Options.IDLE), "options outlive connect");
    FileDescriptor server = sockets.accept(listener);
    assertTrue(Kernel.keepAlive(server), "inherited");
    assertEquals(66, Kernel.get(server, Options.IDLE), "inherited");
    assertEquals(port, Kernel.local(server).getPort());
    assertEquals(Kernel.local(client).getPort(), Kernel.remote(server).getPort());

    int number = Kernel.number(client);
    FileDescriptor wrapped = Kernel.wrap(number);
    assertEquals(32767, Kernel.get(wrapped, Options.IDLE));
    Kernel.retarget(wrapped, Kernel.number(server));
    assertEquals(66, Kernel.get(wrapped, Options.IDLE));
    assertTrue(Arrays.asList(Kernel.calls.descriptors()).contains(String.valueOf(number)));
    long inode = OpenSockets.inode(number);
    assertTrue(inode > 0);
    assertEquals(inode, OpenSockets.inode(number));
    assertNotEquals(inode, OpenSockets.inode(Kernel.number(server)));
    sockets.close(client);
    Kernel.retarget(wrapped, number);
    assertThrows(SocketException.class, () -> Kernel.get(wrapped, Options.IDLE));
    assertEquals(-1, OpenSockets.inode(number));
  }
}
