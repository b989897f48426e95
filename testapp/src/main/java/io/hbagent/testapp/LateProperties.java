package io.hbagent.testapp;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Properties;
import javax.xml.parsers.DocumentBuilderFactory;

/**
 * A program that sets system properties as code, some time after its start, and prints what the JDK
 * makes of them: {@code MILLIS set KEY=VALUE…}. With {@code library} for {@code set} it loads a
 * native library before, and waits for as long once more. With {@code MILLIS replace} it has no
 * properties at all for so long, as some containers do it.
 */
public final class LateProperties {

  /** Classes that read properties once, when they are initialised. */
  private static final String[] OF_THE_JDK = {
    "sun.nio.ch.Net",
    "sun.nio.ch.IOUtil",
    "java.net.InetAddress",
    "java.nio.file.FileSystems$DefaultFileSystemHolder",
    "java.security.Security",
    "java.lang.management.ManagementFactory",
    "javax.management.MBeanServerFactory"
  };

  private LateProperties() {}

  /** Holder that is initialised after the wait, with the first use of the network. */
  private static final class Network {

    static void show() throws Exception {
      try (ServerSocketChannel server = ServerSocketChannel.open().bind(null)) {
        InetSocketAddress bound = (InetSocketAddress) server.getLocalAddress();
        System.out.println("wildcard=" + bound.getAddress().getHostAddress());
        InetAddress loopback = InetAddress.getLoopbackAddress();
        System.out.println("loopback=" + loopback.getHostAddress());
        System.out.println("late.test=" + address("late.test"));
        try (SocketChannel client =
                SocketChannel.open(new InetSocketAddress(loopback, bound.getPort()));
            SocketChannel accepted = server.accept()) {
          System.out.println("connected=" + (client.isConnected() && accepted.isConnected()));
          System.in.read();
        }
      }
    }

    private static String address(String host) {
      try {
        return InetAddress.getByName(host).getHostAddress();
      } catch (UnknownHostException e) {
        return "unknown";
      }
    }

    private Network() {}
  }

  /** Runs it; ends when its standard input does. */
  public static void main(String[] arguments) throws Exception {
    int millis = Integer.parseInt(arguments[0]);
    if (arguments[1].equals("replace")) {
      Properties before = System.getProperties();
      System.setProperties(new Properties());
      Thread.sleep(millis);
      System.setProperties(before);
    } else {
      Thread.sleep(millis);
      if (arguments[1].equals("library")) {
        loadLibrary();
        Thread.sleep(millis);
      }
      for (int i = 2; i < arguments.length; i++) {
        int at = arguments[i].indexOf('=');
        System.setProperty(arguments[i].substring(0, at), arguments[i].substring(at + 1));
      }
    }
    printInitialised();
    Network.show();
    System.out.println("xml=" + (DocumentBuilderFactory.newInstance() != null));
  }

  /** Loads a library that does not exist, which the agent cannot know in advance. */
  private static void loadLibrary() {
    try {
      System.load("/no/such/library.so");
    } catch (UnsatisfiedLinkError e) {
      System.out.println("library=missing");
    }
  }

  /** Prints which of the classes are initialised; possible on JDK 8 to 21. */
  private static void printInitialised() throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Unsafe");
    Field unsafe = type.getDeclaredField("theUnsafe");
    unsafe.setAccessible(true);
    Method shouldBe;
    try {
      shouldBe = type.getMethod("shouldBeInitialized", Class.class);
    } catch (NoSuchMethodException e) {
      return;
    }
    for (String name : OF_THE_JDK) {
      Class<?> of = Class.forName(name, false, null);
      if (!(Boolean) shouldBe.invoke(unsafe.get(null), of)) {
        System.out.println("initialised=" + name);
      }
    }
  }
}
