package shop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An example client that executes commands from standard input and outlives its connections. Java 8. Arguments: host and port of the peer, and names of connections to open at start. */
public class Orders {

  static final Map<String, Socket> OPEN = new ConcurrentHashMap<String, Socket>();

  public static void main(String[] args) throws Exception {
    InetAddress peer = InetAddress.getByName(args[0]);
    int port = Integer.parseInt(args[1]);
    for (int i = 2; i < args.length; i++) {
      OPEN.put(args[i], open(peer, port));
    }
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    System.out.println("ready");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      try {
        obey(line.split(" "), peer, port);
        System.out.println("ok " + line);
      } catch (Exception e) {
        System.out.println("error " + line + ": " + e);
      }
    }
  }

  static void obey(String[] words, InetAddress peer, int port) throws Exception {
    switch (words[0]) {
      case "hold": // and never reads
        OPEN.put(words[1], open(peer, port));
        break;
      case "read": // in a thread with the connection's name
        Thread reader = new Thread(() -> read(words[1], peer, port), words[1]);
        reader.setDaemon(true);
        reader.start();
        while (!OPEN.containsKey(words[1])) {
          Thread.sleep(10);
        }
        break;
      case "write":
        OPEN.get(words[1]).getOutputStream().write(1);
        break;
      case "shut":
        OPEN.get(words[1]).shutdownOutput();
        break;
      case "close":
        OPEN.remove(words[1]).close();
        break;
      case "own": // idle, intvl, cnt
        Socket socket = OPEN.get(words[1]);
        socket.setKeepAlive(true);
        set(socket, "TCP_KEEPIDLE", words[2]);
        set(socket, "TCP_KEEPINTERVAL", words[3]);
        set(socket, "TCP_KEEPCOUNT", words[4]);
        break;
      case "churn":
        for (int i = 0; i < Integer.parseInt(words[1]); i++) {
          Socket brief = open(peer, port);
          OutputStream out = brief.getOutputStream();
          out.write(1);
          brief.close();
        }
        break;
      case "user-timeout": // of a descriptor, as a native library sets it: descriptor, ms
        userTimeout(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
        break;
      case "exhaust": // no memory is left for so many ms, and each time for so many at a stretch
        exhaust(Long.parseLong(words[1]), Long.parseLong(words[2]));
        break;
      case "longs": // are still to be had, a class of the JDK that anybody may be the first to use
        System.out.println("one is " + Long.valueOf(1));
        break;
      case "interrupt": // every thread there is
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
          if (thread.getName().startsWith("hb-agent-watchdog")) {
            thread.interrupt();
          }
        }
        break;
      default:
        throw new IllegalArgumentException(words[0]);
    }
  }

  static Socket open(InetAddress peer, int port) throws IOException {
    return new Socket(peer, port);
  }

  /** Reads until the connection ends, and does not close it. */
  static void read(String name, InetAddress peer, int port) {
    try {
      Socket socket = open(peer, port);
      OPEN.put(name, socket);
      int n = socket.getInputStream().read();
      System.out.println(name + " read " + n);
    } catch (IOException e) {
      System.out.println(name + " died: " + e.getMessage());
    }
  }

  /** Sets TCP_USER_TIMEOUT, for which the JDK has no API. */
  static void userTimeout(int fd, int millis) throws Exception {
    Method newFd = Class.forName("sun.nio.ch.IOUtil").getDeclaredMethod("newFD", int.class);
    newFd.setAccessible(true);
    for (Method method : Class.forName("sun.nio.ch.Net").getDeclaredMethods()) {
      if (method.getName().equals("setIntOption0")) {
        method.setAccessible(true);
        method.invoke(null, newFd.invoke(null, fd), false, 6, 18, millis, false);
      }
    }
  }

  /** A chain, each link of which holds the one before: all the memory there was. */
  static Object[] full;

  /** Fills the heap, holds it for a time, releases it, and begins again. */
  static void exhaust(long millis, long stretch) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    int rounds = 0;
    while (System.nanoTime() < end) {
      for (int size = 100_000; size > 0; size /= 10) { // smaller pieces may still fit
        try {
          while (true) {
            Object[] next = new Object[size];
            next[0] = full;
            full = next;
          }
        } catch (OutOfMemoryError e) {
          rounds++;
        }
      }
      try {
        Thread.sleep(stretch);
      } catch (OutOfMemoryError e) {
        // full to the last byte, for this thread as well
      }
      full = null;
    }
    if (rounds == 0) {
      throw new IllegalStateException("there was memory all the time");
    }
  }

  /** By name: JDK 8 has no such options. */
  @SuppressWarnings("unchecked")
  static void set(Socket socket, String name, String value) throws Exception {
    Field field = Class.forName("jdk.net.ExtendedSocketOptions").getField(name);
    SocketOption<Integer> option = (SocketOption<Integer>) field.get(null);
    Socket.class
        .getMethod("setOption", SocketOption.class, Object.class)
        .invoke(socket, option, Integer.valueOf(value));
  }
}
