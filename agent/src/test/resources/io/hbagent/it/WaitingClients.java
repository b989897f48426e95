import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Threads that wait on a connection each, in every way the JDK has, for ever. Java 8. Prints {@code
 * at NAME PORT} with the remote port of the connection, which no other has, and {@code ended NAME
 * MILLIS EXCEPTION} or {@code returned NAME} when the thread goes on.
 */
public class WaitingClients {

  static final byte[] MUCH = new byte[1 << 16];
  static final char[] PASSWORD = "changeit".toCharArray();
  static final InetAddress HOST = InetAddress.getLoopbackAddress();

  /** What is to stay open. */
  static final List<Object> HELD = Collections.synchronizedList(new ArrayList<Object>());

  /** By name of a thread: the remote port of the connection it waits on. */
  static final Map<String, Integer> PORTS = new LinkedHashMap<>();

  static final AtomicLong WRITTEN = new AtomicLong();
  static final AtomicInteger CHURNED = new AtomicInteger();
  static volatile boolean churns;
  static Socket control;

  interface Wait {
    void run() throws Exception;
  }

  public static void main(String[] arguments) throws Exception {
    open();
    ServerSocket listener = listen();
    Socket read = new Socket(HOST, listener.getLocalPort());
    control = listener.accept();
    start("control", listener.getLocalPort(), false, () -> read.getInputStream().read());
    awaitWriters();
    print("waiting");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    String line;
    while ((line = in.readLine()) != null) {
      if (line.equals("churn")) {
        churn();
      } else if (line.equals("calm")) {
        churns = false;
      } else if (line.equals("control")) {
        control.getOutputStream().write(1);
      }
      print("ok " + line);
    }
    System.exit(0);
  }

  /** Starts the threads that wait. */
  static void open() throws Exception {
    waitOnSockets(false);
    waitOnChannels(false);
    waitOnSelectors();
    waitAsynchronously();
    if (hasVirtualThreads()) {
      waitOnSockets(true);
      waitOnChannels(true);
    }
  }

  static boolean hasVirtualThreads() {
    return Double.parseDouble(System.getProperty("java.specification.version")) >= 21;
  }

  /** Returns when all that write have filled their buffers. */
  static void awaitWriters() throws Exception {
    long before = -1;
    while (before != WRITTEN.get()) {
      before = WRITTEN.get();
      Thread.sleep(300);
    }
  }

  static synchronized void print(String line) {
    System.out.println(line);
  }

  /** Starts a thread that waits. */
  static void start(String name, int port, boolean virtual, Wait wait) throws Exception {
    String full = virtual ? "virtual-" + name : name;
    Runnable body =
        () -> {
          try {
            wait.run();
            print("returned " + full);
          } catch (Throwable e) {
            print("ended " + full + " " + System.currentTimeMillis() + " " + e);
          }
        };
    print("at " + full + " " + port);
    PORTS.put(full, port);
    start(full, virtual, body);
  }

  static void start(String name, boolean virtual, Runnable body) throws Exception {
    if (virtual) {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder");
      builder = type.getMethod("name", String.class).invoke(builder, name);
      type.getMethod("start", Runnable.class).invoke(builder, body);
    } else {
      new Thread(body, name).start();
    }
  }

  /** Returns a listener that accepts nothing: its kernel does. */
  static ServerSocket listen() throws Exception {
    ServerSocket listener = new ServerSocket(0, 50, HOST);
    HELD.add(listener);
    return listener;
  }

  static InetSocketAddress mute() throws Exception {
    return new InetSocketAddress(HOST, listen().getLocalPort());
  }

  /** Returns the address of a listener whose queue is full, so that a connect to it hangs. */
  static InetSocketAddress full() throws Exception {
    ServerSocket listener = new ServerSocket(0, 1, HOST);
    HELD.add(listener);
    InetSocketAddress address = new InetSocketAddress(HOST, listener.getLocalPort());
    for (int i = 0; i < 4; i++) {
      SocketChannel filler = SocketChannel.open();
      filler.configureBlocking(false);
      filler.connect(address);
      HELD.add(filler);
    }
    return address;
  }

  static void waitOnSockets(boolean virtual) throws Exception {
    InetSocketAddress read = mute();
    Socket reader = new Socket(HOST, read.getPort());
    start("socket-read", read.getPort(), virtual, () -> reader.getInputStream().read());
    InetSocketAddress timed = mute();
    Socket timedReader = new Socket(HOST, timed.getPort());
    timedReader.setSoTimeout(600_000);
    start("socket-timed-read", timed.getPort(), virtual, () -> timedReader.getInputStream().read());
    InetSocketAddress write = mute();
    Socket writer = new Socket(HOST, write.getPort());
    start("socket-write", write.getPort(), virtual, () -> fill(writer.getOutputStream()));
    InetSocketAddress connect = full();
    start("socket-connect", connect.getPort(), virtual, () -> new Socket().connect(connect));
    InetSocketAddress limited = full();
    start(
        "socket-timed-connect",
        limited.getPort(),
        virtual,
        () -> new Socket().connect(limited, 600_000));
    ServerSocket listener = listen();
    Socket peer = new Socket(HOST, listener.getLocalPort());
    HELD.add(peer);
    Socket accepted = listener.accept();
    start("accepted-read", peer.getLocalPort(), virtual, () -> accepted.getInputStream().read());
    if (System.getProperty("probe.keystore") == null) {
      return;
    }
    SSLContext context = context();
    SSLServerSocket tls =
        (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 5, HOST);
    Thread handshakes =
        new Thread(
            () -> {
              try {
                SSLSocket one = (SSLSocket) tls.accept();
                HELD.add(one);
                one.startHandshake();
              } catch (Exception e) {
                print("TLS failed: " + e);
              }
            });
    handshakes.start();
    SSLSocket secure =
        (SSLSocket) context.getSocketFactory().createSocket(HOST, tls.getLocalPort());
    secure.startHandshake();
    handshakes.join();
    start(
        "tls-read",
        tls.getLocalPort(),
        virtual,
        () -> {
          if (secure.getInputStream().read() < 0) {
            throw new IllegalStateException("end of stream");
          }
        });
  }

  static void waitOnChannels(boolean virtual) throws Exception {
    InetSocketAddress read = mute();
    SocketChannel reader = SocketChannel.open(read);
    start("channel-read", read.getPort(), virtual, () -> reader.read(ByteBuffer.allocate(9)));
    InetSocketAddress write = mute();
    SocketChannel writer = SocketChannel.open(write);
    start(
        "channel-write",
        write.getPort(),
        virtual,
        () -> {
          while (true) {
            WRITTEN.addAndGet(writer.write(ByteBuffer.wrap(MUCH)));
          }
        });
    InetSocketAddress connect = full();
    start("channel-connect", connect.getPort(), virtual, () -> SocketChannel.open(connect));
    InetSocketAddress timed = mute();
    Socket adaptor = SocketChannel.open(timed).socket();
    adaptor.setSoTimeout(600_000);
    start("adaptor-timed-read", timed.getPort(), virtual, () -> adaptor.getInputStream().read());
  }

  static void waitOnSelectors() throws Exception {
    InetSocketAddress read = mute();
    SocketChannel reader = SocketChannel.open(read);
    select("selector-read", read, reader, SelectionKey.OP_READ);
    InetSocketAddress write = mute();
    SocketChannel writer = SocketChannel.open(write);
    select("selector-write", write, writer, SelectionKey.OP_WRITE);
    InetSocketAddress connect = full();
    SocketChannel connector = SocketChannel.open();
    select("selector-connect", connect, connector, SelectionKey.OP_CONNECT);
  }

  static void select(String name, InetSocketAddress to, SocketChannel channel, int operation)
      throws Exception {
    channel.configureBlocking(false);
    Selector selector = Selector.open();
    if (operation == SelectionKey.OP_CONNECT) {
      channel.connect(to);
    } else if (operation == SelectionKey.OP_WRITE) {
      while (channel.write(ByteBuffer.wrap(MUCH)) > 0) {
        // until its buffer is full
      }
    }
    channel.register(selector, operation);
    start(
        name,
        to.getPort(),
        false,
        () -> {
          while (true) {
            selector.select();
            selector.selectedKeys().clear();
            if (operation == SelectionKey.OP_CONNECT) {
              channel.finishConnect();
            } else if (operation == SelectionKey.OP_READ) {
              channel.read(ByteBuffer.allocate(9));
            } else {
              WRITTEN.addAndGet(channel.write(ByteBuffer.wrap(MUCH)));
            }
          }
        });
  }

  static void waitAsynchronously() throws Exception {
    InetSocketAddress read = mute();
    AsynchronousSocketChannel reader = AsynchronousSocketChannel.open();
    reader.connect(read).get();
    start("async-read", read.getPort(), false, () -> reader.read(ByteBuffer.allocate(9)).get());
    InetSocketAddress write = mute();
    AsynchronousSocketChannel writer = AsynchronousSocketChannel.open();
    writer.connect(write).get();
    start(
        "async-write",
        write.getPort(),
        false,
        () -> {
          while (true) {
            WRITTEN.addAndGet(writer.write(ByteBuffer.wrap(MUCH)).get());
          }
        });
    InetSocketAddress connect = full();
    AsynchronousSocketChannel connector = AsynchronousSocketChannel.open();
    start("async-connect", connect.getPort(), false, () -> connector.connect(connect).get());
  }

  static void fill(OutputStream out) throws Exception {
    while (true) {
      out.write(MUCH);
      WRITTEN.addAndGet(MUCH.length);
    }
  }

  static SSLContext context() throws Exception {
    KeyStore keys = KeyStore.getInstance("JKS");
    try (InputStream in = new FileInputStream(System.getProperty("probe.keystore"))) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    TrustManager any =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), new TrustManager[] {any}, null);
    return context;
  }

  /** Opens and closes connections one after the other; each takes a byte and gives it back. */
  static void churn() throws Exception {
    churns = true;
    ServerSocket listener = listen();
    int port = listener.getLocalPort();
    for (int i = 0; i < 2; i++) {
      daemon(
          () -> {
            while (true) {
              try (Socket one = listener.accept()) {
                one.getOutputStream().write(one.getInputStream().read());
              } catch (Exception e) {
                // its client says so
              }
            }
          });
      daemon(
          () -> {
            while (churns) {
              Socket one = new Socket();
              try {
                one.connect(new InetSocketAddress(HOST, port));
                one.getOutputStream().write(7);
                if (one.getInputStream().read() != 7) {
                  throw new IllegalStateException("wrong byte");
                }
              } catch (Exception e) {
                print("churn-failed " + one.getLocalPort() + " " + e);
              } finally {
                one.close();
              }
              CHURNED.incrementAndGet();
            }
            print("churned " + CHURNED.get());
          });
    }
    print("at churn " + port);
  }

  static void daemon(Wait wait) {
    Thread thread =
        new Thread(
            () -> {
              try {
                wait.run();
              } catch (Exception e) {
                print("daemon failed: " + e);
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
