import java.io.BufferedReader;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients and servers of every API on loopback that count their own connects and accepts.
 *
 * <p>Argument: connections a second. Commands on stdin, one answer line each: {@code pause}, {@code
 * resume}, {@code flush} (one connection to each server), {@code numbers} (after a collection).
 * Every client and server holds its last few connections open, so that a paused program always has
 * the same number of descriptors. Ends with its stdin.
 */
public class SoakLoad {
  private static final int HELD = 4;
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final AtomicLong begun = new AtomicLong();
  private static final AtomicLong connects = new AtomicLong();
  private static final AtomicLong accepts = new AtomicLong();
  private static final AtomicLong errors = new AtomicLong();
  private static final AtomicInteger active = new AtomicInteger();
  private static final List<InetSocketAddress> servers = new ArrayList<>();
  private static volatile boolean paused = true;

  /** Opens a connection and has one byte echoed. */
  private interface Client {
    Closeable connect(InetSocketAddress server) throws Exception;
  }

  /** Accepts a connection and echoes one byte. */
  private interface Server {
    Closeable accept() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    AsynchronousChannelGroup group =
        AsynchronousChannelGroup.withFixedThreadPool(2, work -> daemon("group", work));
    Method virtual = virtualThreads();
    servers(group, virtual);
    clients(group, virtual, Integer.parseInt(args[0]));
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      if (line.equals("pause")) {
        pause();
      } else if (line.equals("resume")) {
        paused = false;
      } else if (line.equals("flush")) {
        for (InetSocketAddress server : servers) {
          count(SoakLoad::socket, server).close();
        }
      } else if (line.equals("numbers")) {
        // The serial collector compacts in every fourth collection only
        // (MarkSweepAlwaysCompactCount).
        for (int i = 0; i < 4; i++) {
          System.gc();
        }
      }
      System.out.println(numbers());
    }
  }

  /** Returns when no client is between connect and echo. */
  private static void pause() throws InterruptedException {
    paused = true;
    while (active.get() != 0) {
      Thread.sleep(5);
    }
  }

  private static String numbers() {
    long metaspace = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getName().equals("Metaspace")) {
        metaspace = pool.getUsage().getUsed();
      }
    }
    String[] descriptors = new File("/proc/self/fd").list();
    return "begun="
        + begun
        + " connects="
        + connects
        + " accepts="
        + accepts
        + " errors="
        + errors
        + " heap="
        + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
        + " metaspace="
        + metaspace
        + " threads="
        + ManagementFactory.getThreadMXBean().getThreadCount()
        + " descriptors="
        + (descriptors == null ? 0 : descriptors.length);
  }

  private static void servers(AsynchronousChannelGroup group, Method virtual) throws Exception {
    ServerSocket socket = new ServerSocket(0, 50, LOOPBACK);
    serve(null, (InetSocketAddress) socket.getLocalSocketAddress(), () -> echo(socket.accept()));
    ServerSocketChannel channel = listening();
    serve(
        null, (InetSocketAddress) channel.getLocalAddress(), () -> echo(channel.accept().socket()));
    ServerSocketChannel selected = listening();
    selected.configureBlocking(false);
    Selector selector = Selector.open();
    selected.register(selector, SelectionKey.OP_ACCEPT);
    Selector reading = Selector.open();
    serve(
        null,
        (InetSocketAddress) selected.getLocalAddress(),
        () -> selectAccept(selected, selector, reading));
    AsynchronousServerSocketChannel asynchronous = AsynchronousServerSocketChannel.open(group);
    asynchronous.bind(new InetSocketAddress(LOOPBACK, 0));
    serve(
        null,
        (InetSocketAddress) asynchronous.getLocalAddress(),
        () -> {
          AsynchronousSocketChannel accepted = asynchronous.accept().get();
          accepts.incrementAndGet();
          ByteBuffer buffer = ByteBuffer.allocate(1);
          accepted.read(buffer).get();
          buffer.flip();
          accepted.write(buffer).get();
          return accepted;
        });
    if (virtual != null) {
      ServerSocket other = new ServerSocket(0, 50, LOOPBACK);
      serve(virtual, (InetSocketAddress) other.getLocalSocketAddress(), () -> echo(other.accept()));
    }
  }

  private static ServerSocketChannel listening() throws IOException {
    return ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
  }

  private static void serve(Method virtual, InetSocketAddress address, Server server)
      throws Exception {
    servers.add(address);
    start(
        virtual,
        "server-" + servers.size(),
        () -> {
          ArrayDeque<Closeable> held = new ArrayDeque<>();
          while (true) {
            try {
              hold(held, server.accept());
            } catch (Throwable e) {
              failed(e);
            }
          }
        });
  }

  private static Closeable echo(Socket accepted) throws IOException {
    accepts.incrementAndGet();
    accepted.getOutputStream().write(accepted.getInputStream().read());
    return accepted;
  }

  private static Closeable selectAccept(
      ServerSocketChannel server, Selector accepting, Selector reading) throws IOException {
    SocketChannel accepted = server.accept();
    while (accepted == null) {
      accepting.select();
      accepting.selectedKeys().clear();
      accepted = server.accept();
    }
    accepts.incrementAndGet();
    accepted.configureBlocking(false);
    ByteBuffer buffer = ByteBuffer.allocate(1);
    await(accepted, reading, SelectionKey.OP_READ);
    accepted.read(buffer);
    buffer.flip();
    accepted.write(buffer);
    return accepted;
  }

  /** Waits for one event; the selector is empty again afterwards. */
  private static void await(SocketChannel channel, Selector selector, int event)
      throws IOException {
    SelectionKey key = channel.register(selector, event);
    while (selector.select() == 0) {
      // woken without an event
    }
    selector.selectedKeys().clear();
    key.cancel();
    selector.selectNow();
  }

  private static void clients(AsynchronousChannelGroup group, Method virtual, int rate)
      throws Exception {
    List<Client> clients = new ArrayList<>();
    clients.add(SoakLoad::socket);
    clients.add(
        server -> {
          Socket socket = new Socket();
          socket.connect(server, 10_000);
          return ask(socket);
        });
    clients.add(server -> ask(SocketChannel.open(server).socket()));
    Selector selector = Selector.open();
    clients.add(server -> selectConnect(server, selector));
    clients.add(
        server -> {
          AsynchronousSocketChannel channel = AsynchronousSocketChannel.open(group);
          channel.connect(server).get();
          channel.write(ByteBuffer.allocate(1)).get();
          channel.read(ByteBuffer.allocate(1)).get();
          return channel;
        });
    int count = clients.size() + (virtual == null ? 0 : 1);
    long interval = 1000L * count / rate;
    for (int i = 0; i < clients.size(); i++) {
      client(null, clients.get(i), i, interval);
    }
    if (virtual != null) {
      client(virtual, SoakLoad::socket, clients.size(), interval);
    }
  }

  private static Closeable socket(InetSocketAddress server) throws IOException {
    return ask(new Socket(server.getAddress(), server.getPort()));
  }

  private static Closeable ask(Socket socket) throws IOException {
    socket.getOutputStream().write(1);
    if (socket.getInputStream().read() != 1) {
      throw new IOException("not echoed");
    }
    return socket;
  }

  private static Closeable selectConnect(InetSocketAddress server, Selector selector)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    if (!channel.connect(server)) {
      await(channel, selector, SelectionKey.OP_CONNECT);
      if (!channel.finishConnect()) {
        throw new IOException("not connected");
      }
    }
    channel.write(ByteBuffer.allocate(1));
    await(channel, selector, SelectionKey.OP_READ);
    channel.read(ByteBuffer.allocate(1));
    return channel;
  }

  private static void client(Method virtual, Client client, int number, long interval)
      throws Exception {
    start(
        virtual,
        "client-" + number,
        () -> {
          ArrayDeque<Closeable> held = new ArrayDeque<>();
          for (int i = number; true; i++) {
            LockSupport.parkNanos(interval * 1_000_000);
            active.incrementAndGet();
            try {
              if (!paused) {
                hold(held, count(client, servers.get(i % servers.size())));
              }
            } catch (Throwable e) {
              failed(e);
            } finally {
              active.decrementAndGet();
            }
          }
        });
  }

  private static Closeable count(Client client, InetSocketAddress server) throws Exception {
    begun.incrementAndGet();
    Closeable connection = client.connect(server);
    connects.incrementAndGet();
    return connection;
  }

  private static void hold(ArrayDeque<Closeable> held, Closeable connection) throws IOException {
    held.add(connection);
    if (held.size() > HELD) {
      held.remove().close();
    }
  }

  private static void failed(Throwable e) {
    errors.incrementAndGet();
    e.printStackTrace();
  }

  private static Method virtualThreads() {
    if (System.getProperty("java.specification.version").matches("19|20")) {
      return null; // present, but refused without --enable-preview
    }
    try {
      return Thread.class.getMethod("startVirtualThread", Runnable.class);
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  private static void start(Method virtual, String name, Runnable work) throws Exception {
    if (virtual == null) {
      daemon(name, work).start();
    } else {
      virtual.invoke(null, work);
    }
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
