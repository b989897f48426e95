import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.MBeanServer;
import javax.management.MBeanServerBuilder;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;

/** An application to attach to, which holds both ends of its connections. Java 8. */
public class AttachTarget {

  static final List<Socket> OPEN = Collections.synchronizedList(new ArrayList<Socket>());
  static final AtomicInteger ACCEPTED = new AtomicInteger();
  static final AtomicInteger ERRORS = new AtomicInteger();
  static final AtomicInteger MADE = new AtomicInteger();
  static final List<String> WOVEN =
      Arrays.asList(
          "sun/nio/ch/Net",
          "java/net/AbstractPlainSocketImpl",
          "java/net/PlainSocketImpl",
          "sun/nio/ch/NioSocketImpl",
          "sun/nio/ch/SocketChannelImpl",
          "sun/nio/ch/ServerSocketChannelImpl",
          "sun/nio/ch/UnixAsynchronousServerSocketChannelImpl");

  /** Further classes that it weaves in a JVM it is started with. */
  static final List<String> RECALLS =
      Arrays.asList("java/lang/Runtime", "sun/instrument/InstrumentationImpl");

  static final CountDownLatch HELD = new CountDownLatch(1);
  static final CountDownLatch REACHED = new CountDownLatch(1);
  static volatile String broken;
  static volatile String held;
  static Instrumentation instrumentation;
  static Class<?> transport;
  static ServerSocket server;

  /** Entry point as an agent, used to read class bytes and to block the loading of a class. */
  public static void premain(String arguments, Instrumentation given) throws Exception {
    instrumentation = given;
    if (System.getProperty("alter") != null) {
      alter(System.getProperty("alter"));
    }
    if ("take".equals(arguments)) {
      take();
    } else if ("free".equals(arguments)) {
      free();
    }
  }

  /** Entry point in a running JVM: a transformer of this agent comes after all others. */
  public static void agentmain(String arguments, Instrumentation given) {
    instrumentation = given;
  }

  public static void main(String[] arguments) throws Exception {
    if (System.getProperty("manager") != null) {
      System.setSecurityManager(new SecurityManager());
    }
    if (System.getProperty("transport") != null) {
      URL[] jar = {new File(System.getProperty("transport")).toURI().toURL()};
      transport =
          Class.forName(
              "io.hbagent.testapp.probe.netty.channel.unix.Socket", true, new URLClassLoader(jar));
    }
    if (System.getProperty("library") != null) {
      beginLibrary();
    }
    String host = System.getProperty("host", "127.0.0.1");
    server = new ServerSocket(0, 500, InetAddress.getByName(host));
    Thread acceptor = new Thread(AttachTarget::accept, "acceptor");
    acceptor.setDaemon(true);
    acceptor.start();
    System.out.println("port=" + server.getLocalPort());
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    String line;
    while ((line = in.readLine()) != null) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "open":
          for (int i = 0; i < Integer.parseInt(words[1]); i++) {
            open();
          }
          break;
        case "dial": // connects to another such application
          dial(words[1], Integer.parseInt(words[2]));
          break;
        case "rename": // renames this thread; the name has the escapes of a properties file
          Properties escaped = new Properties();
          escaped.load(new StringReader("name=" + words[1]));
          Thread.currentThread().setName(escaped.getProperty("name"));
          break;
        case "await":
          while (OPEN.size() < Integer.parseInt(words[1])) {
            Thread.sleep(1);
          }
          break;
        case "close":
          OPEN.remove(OPEN.size() - 1).close();
          break;
        case "half": // closes the newest in one direction
          OPEN.get(OPEN.size() - 1).shutdownOutput();
          break;
        case "send":
          OPEN.get(OPEN.size() - 1).getOutputStream().write('.');
          break;
        case "want": // sets keepalive on the newest connection, as the application's own choice
          OPEN.get(OPEN.size() - 1).setKeepAlive(true);
          break;
        case "port": // local port of the newest connection
          System.out.println("port " + OPEN.get(OPEN.size() - 1).getLocalPort());
          break;
        case "interrupt": // interrupts all threads
          interruptAll();
          break;
        case "interrupt-always": // interrupts all threads again and again
          Thread interrupting =
              new Thread() {
                @Override
                public void run() {
                  while (true) {
                    interruptAll();
                    LockSupport.parkNanos(500_000);
                  }
                }
              };
          interrupting.setDaemon(true);
          interrupting.start();
          break;
        case "freeze": // makes system properties read-only until "thaw"
          System.setProperties(new ReadOnly());
          break;
        case "thaw":
          Properties thawed = new Properties();
          thawed.putAll(System.getProperties());
          System.setProperties(thawed);
          break;
        case "server": // creates an MBean server that throws
          System.setProperty("javax.management.builder.initial", Failing.class.getName());
          MBeanServerFactory.createMBeanServer();
          break;
        case "take": // starts threads up to the limit
          take();
          break;
        case "free":
          free();
          break;
        case "threads": // lists those of the agent
          for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().contains("hb-agent")) {
              System.out.println("thread " + thread.getName());
            }
          }
          break;
        case "handle": // sets the default uncaught exception handler
          Thread.setDefaultUncaughtExceptionHandler(
              (thread, e) -> System.out.println("uncaught in " + thread + ": " + e));
          break;
        case "churn":
          churn(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
          break;
        case "hold": // blocks threads that load this class until "go"
          hold(words[1]);
          break;
        case "reached": // waits until a thread loads the class that is held
          REACHED.await(30, TimeUnit.SECONDS);
          break;
        case "go":
          HELD.countDown();
          break;
        case "break": // makes a class unloadable until "mend"
          broken = words[1];
          addBreaking();
          break;
        case "mend":
          broken = null;
          break;
        case "measure":
          measure();
          break;
        case "bytes":
          bytes(classes(words[1]));
          break;
        case "define": // defines a class of 1 MiB and prints the heap that takes
          System.out.println("allocated " + define(words[1]));
          break;
        case "redefine": // redefines a class with its original class file
          redefine(words[1], false);
          break;
        case "mark": // the same with a visible change (sun.nio.ch.Net only)
          redefine(words[1], true);
          break;
        case "retransform":
          instrumentation.retransformClasses(Class.forName(words[1], false, null));
          break;
        case "jmx": // uses the agent's MBean
          System.out.println("bean " + jmx(words));
          break;
        case "beans":
          System.out.println("servers " + MBeanServerFactory.findMBeanServer(null).size());
          break;
        case "bridge": // version in the class that stays after a detach
          System.out.println("bridge " + bridge());
          break;
        case "properties":
          for (String name : System.getProperties().stringPropertyNames()) {
            if (name.contains("hbagent")) {
              System.out.println("property " + name);
            }
          }
          break;
        default:
          throw new IllegalArgumentException(line);
      }
      System.out.println("ok " + line);
    }
  }

  static Object bridge() throws Exception {
    try {
      return Class.forName("java.net.HbAgentBridge", false, null).getField("version").get(null);
    } catch (ClassNotFoundException e) {
      return "none";
    }
  }

  static final CountDownLatch FREE = new CountDownLatch(1);
  static final List<Thread> TAKEN = new ArrayList<>();

  static void free() throws Exception {
    FREE.countDown();
    for (Thread thread : TAKEN) {
      thread.join();
    }
  }

  static void interruptAll() {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread != Thread.currentThread()) {
        thread.interrupt();
      }
    }
  }

  static void take() {
    try {
      while (true) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    FREE.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                },
                "taken");
        thread.setDaemon(true);
        thread.start();
        TAKEN.add(thread);
      }
    } catch (OutOfMemoryError e) {
      System.out.println("taken"); // as expected
    }
  }

  /** Read-only properties, as some libraries install. */
  static class ReadOnly extends Properties {
    ReadOnly() {
      for (Map.Entry<Object, Object> one : System.getProperties().entrySet()) {
        super.put(one.getKey(), one.getValue());
      }
    }

    @Override
    public synchronized Object setProperty(String key, String value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public synchronized Object put(Object key, Object value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public synchronized Object remove(Object key) {
      throw new UnsupportedOperationException();
    }
  }

  /** Builds MBean servers that throw an Error. */
  public static class Failing extends MBeanServerBuilder {
    @Override
    public MBeanServer newMBeanServer(
        String domain, MBeanServer outer, MBeanServerDelegate delegate) {
      return (MBeanServer)
          Proxy.newProxyInstance(
              Failing.class.getClassLoader(),
              new Class<?>[] {MBeanServer.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("isRegistered")) {
                  throw new AssertionError("a server that fails");
                }
                return method.getName().equals("hashCode") ? (Object) 1 : null;
              });
    }
  }

  static void hold(String name) {
    if (held != null) {
      held = name; // threads that are held already stay blocked
      return;
    }
    held = name;
    ClassFileTransformer slow =
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] b) {
            if (held.equals(name)) {
              REACHED.countDown();
              try {
                HELD.await(300, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }
            return null;
          }
        };
    instrumentation.addTransformer(slow);
  }

  static void addBreaking() {
    ClassFileTransformer breaking =
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] b) {
            return name != null && name.equals(broken) ? new byte[8] : null;
          }
        };
    instrumentation.addTransformer(breaking);
  }

  /** Defines a class and returns the KiB that this thread allocated for it. */
  static long define(String name) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    int constants = 4;
    int padding = 16;
    out.writeInt(0xCAFEBABE);
    out.writeInt(52);
    out.writeShort(1 + constants + padding);
    out.writeByte(1);
    out.writeUTF(name);
    out.writeByte(7);
    out.writeShort(1);
    out.writeByte(1);
    out.writeUTF("java/lang/Object");
    out.writeByte(7);
    out.writeShort(3);
    for (int i = 0; i < padding; i++) {
      char[] text = new char[65_000];
      Arrays.fill(text, (char) ('a' + i));
      out.writeByte(1);
      out.writeUTF(new String(text));
    }
    for (int word : new int[] {0x0020, 2, 4, 0, 0, 0, 0}) {
      out.writeShort(word);
    }
    final byte[] file = bytes.toByteArray();
    class Loader extends ClassLoader {
      Class<?> define() {
        return defineClass(name, file, 0, file.length);
      }
    }
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Loader loader = new Loader();
    long id = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(id);
    loader.define();
    return (threads.getThreadAllocatedBytes(id) - before) / 1024;
  }

  /** Transforms a class to the same bytes, so that the JVM keeps its original class file. */
  static void alter(String name) throws Exception {
    instrumentation.addTransformer(
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader, String of, Class<?> type, ProtectionDomain domain, byte[] b) {
            return of != null && of.replace('/', '.').equals(name) ? b.clone() : null;
          }
        },
        true);
    instrumentation.retransformClasses(Class.forName(name, false, null));
  }

  /** Loads a library by the class loader that defines this class. */
  public static class LoadsLibrary implements Runnable {
    @Override
    public void run() {
      try {
        System.loadLibrary("none");
      } catch (UnsatisfiedLinkError e) {
        System.out.println("no library"); // as expected
      }
    }
  }

  /** Starts a thread that loads a library, which blocks until "go". */
  static void beginLibrary() throws Exception {
    final CountDownLatch inside = new CountDownLatch(1);
    class Loader extends ClassLoader {
      Class<?> define() throws Exception {
        byte[] file = read(AttachTarget.class, "AttachTarget$LoadsLibrary.class");
        return defineClass("AttachTarget$LoadsLibrary", file, 0, file.length);
      }

      @Override
      protected String findLibrary(String name) {
        inside.countDown();
        try {
          HELD.await(300, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return null;
      }
    }
    Thread thread =
        new Thread((Runnable) new Loader().define().getConstructor().newInstance(), "library");
    thread.setDaemon(true);
    thread.start();
    inside.await();
  }

  static byte[] read(Class<?> near, String name) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InputStream in = near.getResourceAsStream(name)) {
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        bytes.write(buffer, 0, n);
      }
    }
    return bytes.toByteArray();
  }

  /** Returns a class file with another source file name, as long as "Net.java". */
  static byte[] marked(byte[] file) throws Exception {
    String text = new String(file, "ISO-8859-1");
    return text.replace("\u0008Net.java", "\u0008marked.j").getBytes("ISO-8859-1");
  }

  static void redefine(String name, boolean mark) throws Exception {
    Class<?> type = Class.forName(name, false, null);
    byte[] file = read(type, name.substring(name.lastIndexOf('.') + 1) + ".class");
    if (mark) {
      file = marked(file);
    }
    instrumentation.redefineClasses(new ClassDefinition(type, file));
  }

  static String jmx(String[] words) throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("io.hbagent:type=Agent");
    for (int i = 0; i < 500 && !server.isRegistered(name); i++) {
      Thread.sleep(20);
    }
    if (words[1].equals("get")) {
      return String.valueOf(server.getAttribute(name, words[2]));
    }
    Object[] parameters = {};
    String[] signature = {};
    if (words.length > 2) {
      boolean flag = words[1].equals("detach");
      parameters = new Object[] {flag ? (Object) Boolean.valueOf(words[2]) : words[2]};
      signature = new String[] {flag ? "boolean" : "java.lang.String"};
    }
    try {
      return String.valueOf(server.invoke(name, words[1], parameters, signature));
    } catch (RuntimeMBeanException e) {
      return e.getCause().getMessage();
    }
  }

  static void accept() {
    while (true) {
      try {
        Socket socket = server.accept();
        ACCEPTED.incrementAndGet();
        int kind = socket.getInputStream().read();
        if (kind == 'k') {
          OPEN.add(socket);
        } else {
          socket.close();
        }
      } catch (Exception e) {
        ERRORS.incrementAndGet();
        e.printStackTrace();
      }
    }
  }

  /** Opens a connection that is kept, and waits until it is accepted. */
  static void open() throws Exception {
    int before = OPEN.size();
    Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
    socket.getOutputStream().write('k');
    while (OPEN.size() == before) {
      Thread.sleep(1);
    }
    OPEN.add(socket);
  }

  static void dial(String host, int port) throws Exception {
    Socket socket = new Socket(host, port);
    socket.getOutputStream().write('k');
    OPEN.add(socket);
    System.out.println("dialed " + socket.getLocalPort());
  }

  static void churn(int seconds, int threads) throws Exception {
    final long end = System.nanoTime() + seconds * 1_000_000_000L;
    List<Thread> all = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      Thread thread = new Thread(() -> churn(end), "churn-" + t);
      thread.start();
      all.add(thread);
    }
    System.out.println("churning");
    for (Thread thread : all) {
      thread.join();
    }
    System.out.println("churned made=" + MADE + " open=" + OPEN.size() + " errors=" + ERRORS);
  }

  static void churn(long end) {
    int n = 0;
    while (System.nanoTime() < end) {
      try {
        Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
        boolean keep = n++ % 40 == 0;
        socket.getOutputStream().write(keep ? 'k' : 'c');
        MADE.incrementAndGet();
        if (keep) {
          OPEN.add(socket);
        } else if (socket.getInputStream().read() != -1) {
          ERRORS.incrementAndGet();
        } else {
          socket.close();
        }
      } catch (Exception e) {
        ERRORS.incrementAndGet();
        e.printStackTrace();
      }
    }
  }

  static void measure() throws Exception {
    for (int i = 0; i < 6; i++) {
      System.gc();
      Thread.sleep(30);
    }
    List<String> agentThreads = new ArrayList<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().contains("hb-agent")) {
        agentThreads.add(thread.getName());
      }
    }
    Collections.sort(agentThreads);
    Runtime runtime = Runtime.getRuntime();
    System.out.println(
        "measured agent-threads="
            + String.join(",", agentThreads)
            + " threads="
            + Thread.getAllStackTraces().size()
            + " classes="
            + (instrumentation == null ? 0 : instrumentation.getAllLoadedClasses().length)
            + " heap="
            + (runtime.totalMemory() - runtime.freeMemory()) / 1024);
  }

  /** Returns woven classes of the JDK, the native transport, or the class of this name. */
  static List<Class<?>> classes(String which) throws Exception {
    List<Class<?>> classes = new ArrayList<>();
    if (which.equals("transport")) {
      classes.add(transport);
      return classes;
    }
    if (which.contains(".")) {
      classes.add(Class.forName(which, false, null));
      return classes;
    }
    List<String> names = new ArrayList<>(WOVEN);
    if (which.equals("all")) {
      names.addAll(RECALLS);
    }
    for (String name : names) {
      try {
        classes.add(Class.forName(name.replace('/', '.'), false, null));
      } catch (ClassNotFoundException e) {
        continue;
      }
    }
    return classes;
  }

  /** Prints the bytes of classes as they are after all transformers. */
  static void bytes(final List<Class<?>> classes) throws Exception {
    final Map<String, String> found = new TreeMap<>();
    ClassFileTransformer reader =
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] b) {
            // A class that is loaded in the meantime may come with the type that is retransformed.
            if (!classes.contains(type) || !type.getName().equals(name.replace('/', '.'))) {
              return null;
            }
            try {
              found.put(name, Base64.getEncoder().encodeToString(b));
            } catch (Exception e) {
              found.put(name, e.toString());
            }
            return null;
          }
        };
    instrumentation.addTransformer(reader, true);
    for (Class<?> type : classes) {
      instrumentation.retransformClasses(type);
    }
    instrumentation.removeTransformer(reader);
    for (Map.Entry<String, String> entry : found.entrySet()) {
      System.out.println("bytes " + entry.getKey() + " " + entry.getValue());
    }
  }
}
