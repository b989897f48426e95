package io.hbagent.tcp;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sockets in memory, by descriptor number, in place of the kernel's. {@link SocketCallsTest} holds
 * the behaviour of this class against the kernel.
 */
public final class FakeSockets implements SocketCalls, AutoCloseable {

  private static final Options LINUX = Options.of("Linux");

  private static final int KEEPALIVE = LINUX.number(Options.KEEPALIVE);
  private static final int IDLE = LINUX.number(Options.IDLE);
  private static final int INTVL = LINUX.number(Options.INTVL);
  private static final int CNT = LINUX.number(Options.CNT);
  private static final int USER_TIMEOUT = LINUX.number(Options.USER_TIMEOUT);

  private static final int FIRST_DUPLICATE = 1000;

  private static final class Fake {
    final Map<Integer, Integer> options = new HashMap<>();
    long inode;
    InetSocketAddress local;
    InetSocketAddress remote;
    boolean error;
  }

  private final SocketCalls before = Kernel.calls;
  private final Map<Integer, Fake> sockets = new TreeMap<>();
  private final IdentityHashMap<FileDescriptor, Integer> numbers = new IdentityHashMap<>();
  private long inodes = 1000;

  /** Number of options that were set. */
  public int sets;

  /** Number of options that were read. */
  public int gets;

  /** Number of inodes that were read. */
  public int readlinks;

  /** Called after an option was set. */
  public Runnable onSet = () -> {};

  /** The frames that were above the last option set. */
  public StackTraceElement[] lastSet = {};

  /** Takes the kernel's place until closed. */
  public FakeSockets() {
    Kernel.calls = this;
  }

  @Override
  public void close() {
    Kernel.calls = before;
  }

  private static int key(int level, int option) {
    return level << 8 | option;
  }

  private static InetSocketAddress end(String host, int port) {
    try {
      return new InetSocketAddress(InetAddress.getAllByName(host)[0], port);
    } catch (UnknownHostException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the first four bytes of TCP_INFO as the kernel has them. */
  public static int tcpInfo(int state, int retransmits, int probes) {
    byte[] bytes = {(byte) state, 0, (byte) retransmits, (byte) probes};
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt();
  }

  /** Opens an unconnected TCP socket. */
  public FileDescriptor open(int number) {
    Fake fake = new Fake();
    fake.inode = inodes++;
    fake.local = new InetSocketAddress(0);
    fake.options.put(key(1, LINUX.protocol), 6);
    fake.options.put(key(1, KEEPALIVE), 0);
    fake.options.put(key(6, IDLE), 7200);
    fake.options.put(key(6, INTVL), 75);
    fake.options.put(key(6, CNT), 9);
    fake.options.put(key(6, USER_TIMEOUT), 0);
    fake.options.put(key(6, LINUX.info), tcpInfo(TcpInfo.CLOSE, 0, 0));
    sockets.put(number, fake);
    return wrap(number);
  }

  /** Connects a socket. */
  public void connect(int number, int localPort, String host, int port) {
    Fake fake = sockets.get(number);
    fake.local = end("127.0.0.1", localPort);
    fake.remote = end(host, port);
    state(number, TcpInfo.ESTABLISHED);
  }

  /** Makes a socket a listener. */
  public void listen(int number, int port) {
    sockets.get(number).local = end("127.0.0.1", port);
    state(number, TcpInfo.LISTEN);
  }

  /** Accepts a connection, which inherits the listener's options. */
  public FileDescriptor accept(int listener, int number, String host, int port) {
    FileDescriptor fd = open(number);
    sockets.get(number).options.putAll(sockets.get(listener).options);
    connect(number, sockets.get(listener).local.getPort(), host, port);
    return fd;
  }

  /** Sets the state, a constant of {@link TcpInfo}. */
  public void state(int number, int state) {
    info(number, tcpInfo(state, 0, 0));
  }

  /** Sets the first four bytes of TCP_INFO. */
  public void info(int number, int info) {
    sockets.get(number).options.put(key(6, LINUX.info), info);
  }

  /** Makes an error wait for the application. */
  public void fail(int number) {
    sockets.get(number).error = true;
  }

  /** Closes a socket. */
  public void close(int number) {
    sockets.remove(number);
  }

  /** Returns the options as {@code keepalive/idle/intvl/cnt/user-timeout}. */
  public String options(int number) {
    Map<Integer, Integer> options = sockets.get(number).options;
    return options.get(key(1, KEEPALIVE))
        + "/"
        + options.get(key(6, IDLE))
        + "/"
        + options.get(key(6, INTVL))
        + "/"
        + options.get(key(6, CNT))
        + "/"
        + options.get(key(6, USER_TIMEOUT));
  }

  private Fake fake(FileDescriptor fd) throws SocketException {
    Fake fake = sockets.get(number(fd));
    if (fake == null) {
      throw new SocketException("Bad file descriptor");
    }
    return fake;
  }

  @Override
  public void set(FileDescriptor fd, int level, int option, int value) throws IOException {
    Fake fake = fake(fd);
    int max = option == CNT ? 127 : level == 6 && option != USER_TIMEOUT ? 32767 : -1;
    if (max > 0 && (value < 1 || value > max)) {
      throw new SocketException("Invalid argument");
    }
    sets++;
    lastSet = new Throwable().getStackTrace();
    fake.options.put(key(level, option), value);
    onSet.run();
  }

  @Override
  public int get(FileDescriptor fd, int level, int option) throws IOException {
    gets++;
    return fake(fd).options.get(key(level, option));
  }

  @Override
  public ByteBuffer tcpInfo(FileDescriptor fd) throws IOException {
    ByteBuffer info = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder());
    return info.putInt(0, get(fd, Options.TCP_LEVEL, Options.CURRENT.info));
  }

  @Override
  public int poll(FileDescriptor fd) throws IOException {
    return fake(fd).error ? 8 : 0; // POLLERR
  }

  @Override
  public InetSocketAddress local(FileDescriptor fd) throws IOException {
    return fake(fd).local;
  }

  @Override
  public InetSocketAddress remote(FileDescriptor fd) throws IOException {
    InetSocketAddress remote = fake(fd).remote;
    if (remote == null) {
      throw new SocketException("Transport endpoint is not connected");
    }
    return remote;
  }

  @Override
  public int number(FileDescriptor fd) {
    return numbers.getOrDefault(fd, -1);
  }

  @Override
  public FileDescriptor wrap(int number) {
    FileDescriptor fd = new FileDescriptor();
    numbers.put(fd, number);
    return fd;
  }

  @Override
  public void retarget(FileDescriptor wrapped, int number) {
    numbers.put(wrapped, number);
  }

  @Override
  public String[] descriptors() {
    return sockets.keySet().stream().map(String::valueOf).toArray(String[]::new);
  }

  @Override
  public long inode(int number) {
    Fake fake = sockets.get(number);
    readlinks++;
    return fake == null ? -1 : fake.inode;
  }

  @Override
  public FileDescriptor duplicate(int number) throws IOException {
    Fake fake = sockets.get(number);
    if (fake == null) {
      throw new IOException("Bad file descriptor");
    }
    int duplicate = FIRST_DUPLICATE;
    while (sockets.putIfAbsent(duplicate, fake) != null) {
      duplicate++;
    }
    return wrap(duplicate);
  }

  @Override
  public void close(FileDescriptor duplicate) throws IOException {
    int number = number(duplicate);
    if (number < FIRST_DUPLICATE || sockets.remove(number) == null) {
      throw new IOException("Bad file descriptor");
    }
  }

  @Override
  public void disconnect(FileDescriptor fd) throws IOException {
    Fake fake = fake(fd);
    fake.options.put(key(6, LINUX.info), tcpInfo(TcpInfo.CLOSE, 0, 0));
    fake.remote = null;
    fake.error = true;
  }
}
