package io.hbagent.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.hook.netty.channel.unix.Socket;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Native transports are found by how their classes are called, and heard by number. */
class TransportHooksTest {

  private static final String OWNER = Socket.class.getName().replace('.', '/');

  private final List<String> heard = new ArrayList<>();

  @AfterEach
  void uninstall() {
    Listener.uninstall();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io/netty/channel/unix/Socket",
        "io/netty/channel/unix/FileDescriptor",
        "io/grpc/netty/shaded/io/netty/channel/unix/Socket",
        "com/acme/netty/channel/unix/Socket",
        "netty/channel/unix/Socket",
        "io/netty/channel/epoll/LinuxSocket",
        "io/netty/channel/uring/LinuxSocket",
        "io/netty/incubator/channel/uring/LinuxSocket",
        "shaded/io/netty/channel/epoll/LinuxSocket"
      })
  void knows(String className) {
    assertTrue(TransportHooks.knows(className));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java/net/Socket",
        "com/acme/Socket",
        "com/acme/unix/Socket",
        "com/acme/notnetty/channel/unix/Socket",
        "io/netty/channel/unix/SocketWritableByteChannel",
        "io/netty/channel/unix/DomainSocketAddress",
        "com/acme/LinuxSocket",
        "LinuxSocket",
        "/LinuxSocket",
        ""
      })
  void knowsNothingElse(String className) {
    assertFalse(TransportHooks.knows(className));
  }

  /** HotSpot returns a null for a class that is unloaded while it fills the array. */
  @Test
  void findsLoadedTransportsBesideClassesThatWereUnloaded() {
    Class<?>[] loaded = {null, String.class, Socket.class, null};
    Instrumentation instrumentation =
        (Instrumentation)
            Proxy.newProxyInstance(
                TransportHooksTest.class.getClassLoader(),
                new Class<?>[] {Instrumentation.class},
                (proxy, method, arguments) ->
                    method.getName().equals("getAllLoadedClasses") ? loaded : (Object) true);
    assertEquals(List.of(Socket.class), TransportHooks.loaded(instrumentation));
  }

  /** Loads the woven class in a loader of its own, with the bridge outside java.base. */
  private Class<?> load(TransportHooks hooks) throws Exception {
    byte[] original;
    try (InputStream in = Socket.class.getResourceAsStream("Socket.class")) {
      original = in.readAllBytes();
    }
    byte[] woven =
        new String(hooks.weave(OWNER, original), StandardCharsets.ISO_8859_1)
            .replace(JavaBase.BRIDGE, JavaBase.SOURCE)
            .getBytes(StandardCharsets.ISO_8859_1);
    return new ClassLoader(TransportHooksTest.class.getClassLoader()) {
      Class<?> define() {
        return defineClass(Socket.class.getName(), woven, 0, woven.length);
      }
    }.define();
  }

  private void listen() {
    Listener listener =
        new SilentListener() {
          @Override
          protected void openedNumber(int number) {
            heard.add("opened " + number);
          }

          @Override
          protected void connectingNumber(int number, InetAddress remote, int port) {
            heard.add("connecting " + number + " to " + port);
          }

          @Override
          protected void connectedNumber(int number) {
            heard.add("connected " + number);
          }

          @Override
          protected void optionSetNumber(int number, String option) {
            heard.add(option + " of " + number);
          }

          @Override
          protected void optionSetNumber(int number, int level, int option) {
            heard.add(level + "/" + option + " of " + number);
          }
        };
    listener.install(null);
  }

  @Test
  void callsTheListenerByNumberInEveryLoader() throws Exception {
    TransportHooks hooks = new TransportHooks();
    Class<?> first = load(hooks);
    Class<?> second = load(hooks);
    assertNotSame(first, second);
    listen();
    for (Class<?> type : List.of(first, second)) {
      heard.clear();
      Object socket = type.getConstructor(int.class).newInstance(7);
      type.getMethod("connect", SocketAddress.class)
          .invoke(socket, new InetSocketAddress(InetAddress.getLoopbackAddress(), 443));
      type.getMethod("remoteAddress").invoke(socket);
      type.getMethod("setKeepAlive", boolean.class).invoke(socket, true);
      type.getMethod("setKeepAlive", boolean.class).invoke(socket, false);
      assertEquals(
          List.of(
              "opened 7",
              "connecting 7 to 443",
              "connected 7",
              "SO_KEEPALIVE of 7",
              "1/9 of 7",
              "SO_KEEPALIVE of 7"),
          heard);
    }
    assertEquals(5, hooks.rows().size(), "one row for each method the class has");
    for (HookPoint row : hooks.rows()) {
      assertEquals(HookPoint.State.WOVEN, row.state(), row.toString());
    }
  }

  @Test
  void whatIsNoClassIsCountedAndLeft() {
    WeavingTransformer transformer = new WeavingTransformer(null, new HookPoint[0]);
    TransportHooks hooks = transformer.transports();
    ClassLoader application = TransportHooksTest.class.getClassLoader();
    int before = Failures.count();
    assertNull(transformer.transform(application, OWNER, null, null, new byte[] {1, 2, 3}));
    assertEquals(before + 1, Failures.count());
    assertEquals(HookPoint.State.FAILED, hooks.rows().get(0).state());
    assertNull(transformer.transform(application, "com/acme/Other", null, null, new byte[0]));
    assertEquals(before + 1, Failures.count());
  }
}
