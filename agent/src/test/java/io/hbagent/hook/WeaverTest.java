package io.hbagent.hook;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.hook.HookPoint.State;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Weaves a class made like the JDK's and calls it; renames the bridge. */
class WeaverTest {
  /** Has the shapes of the table: a static entry, an early return, a loop at the start. */
  public static class Target {
    public static int connect(Object family, FileDescriptor fd, InetAddress remote, int port) {
      while (port > 9) {
        port /= 10;
      }
      return port;
    }

    public int accept(FileDescriptor fd, InetSocketAddress[] from, boolean early) {
      if (early) {
        return 1;
      }
      return from.length + 1;
    }

    public void fails(FileDescriptor fd) {
      throw new IllegalStateException();
    }

    public native void withoutCode(FileDescriptor fd);
  }

  private final List<String> heard = new ArrayList<>();

  private static HookPoint row(String method, String parameters, boolean entry, String arguments) {
    String owner = Target.class.getName().replace('.', '/');
    String call = method + " " + arguments;
    return new HookPoint(owner, method + parameters, entry, call, "test", "test");
  }

  @AfterEach
  void uninstall() {
    Bridge.installed = null;
  }

  /** Weaves, with the bridge by the name it has outside java.base, and loads. */
  private static Class<?> weave(HookPoint... rows) throws Exception {
    byte[] woven = Weaver.weave(rows, rows[0].owner, bytes(Target.class));
    assertNotNull(woven);
    String text = new String(woven, StandardCharsets.ISO_8859_1);
    assertTrue(text.contains(JavaBase.BRIDGE));
    byte[] bridgeHere =
        text.replace(JavaBase.BRIDGE, JavaBase.SOURCE).getBytes(StandardCharsets.ISO_8859_1);
    return new ClassLoader(WeaverTest.class.getClassLoader()) {
      Class<?> define() {
        return defineClass(Target.class.getName(), bridgeHere, 0, bridgeHere.length);
      }
    }.define();
  }

  private static byte[] bytes(Class<?> type) throws IOException {
    String path = type.getName().replace('.', '/') + ".class";
    try (InputStream in = type.getClassLoader().getResourceAsStream(path)) {
      return in.readAllBytes();
    }
  }

  private void listen() {
    Listener listener =
        new SilentListener() {
          @Override
          protected void connecting(FileDescriptor fd, InetAddress remote, int port) {
            heard.add("connecting " + port);
          }

          @Override
          protected void accepted(
              FileDescriptor by, FileDescriptor fd, InetAddress remote, int port) {
            heard.add("accepted " + port);
          }

          @Override
          protected void optionSet(FileDescriptor fd, Object option) {
            heard.add(name(option));
          }
        };
    listener.install(null);
  }

  /** A JDK whose method has become native is reported as one that lacks the method. */
  @Test
  void aMethodWithoutCodeIsAbsent() throws Exception {
    HookPoint row = row("withoutCode", "(Ljava/io/FileDescriptor;)", true, "1");
    assertNull(Weaver.weave(new HookPoint[] {row}, row.owner, bytes(Target.class)));
    assertEquals(State.ABSENT, row.state());
  }

  @Test
  void insertsAtTheEntryBeforeALoopAndEachReturn() throws Exception {
    HookPoint connect =
        row("connect", "(Ljava/lang/Object;Ljava/io/FileDescriptor;", HookPoint.ENTRY, "1 2 3");
    HookPoint accept =
        row("accept", "(Ljava/io/FileDescriptor;", HookPoint.RETURN, "null 1 first:2");
    Class<?> woven = weave(connect, accept);
    assertEquals(State.WOVEN, connect.state());
    listen();
    Object result =
        woven
            .getMethod("connect", Object.class, FileDescriptor.class, InetAddress.class, int.class)
            .invoke(null, "", FileDescriptor.out, InetAddress.getLoopbackAddress(), 443);
    assertEquals(4, result);
    InetSocketAddress[] from = {new InetSocketAddress(InetAddress.getLoopbackAddress(), 7)};
    Object instance = woven.getDeclaredConstructor().newInstance();
    woven
        .getMethod("accept", FileDescriptor.class, InetSocketAddress[].class, boolean.class)
        .invoke(instance, FileDescriptor.out, from, true);
    woven
        .getMethod("accept", FileDescriptor.class, InetSocketAddress[].class, boolean.class)
        .invoke(instance, FileDescriptor.out, new InetSocketAddress[1], false);
    assertEquals(List.of("connecting 443", "accepted 7"), heard);
  }

  @Test
  void aRowWithoutItsMethodIsAbsentAndNothingIsWoven() throws Exception {
    HookPoint none = row("listen", "(", HookPoint.ENTRY, "1");
    assertNull(Weaver.weave(new HookPoint[] {none}, none.owner, bytes(Target.class)));
    assertEquals(State.ABSENT, none.state());
  }

  @Test
  void whatIsWovenIsNotWovenTwice() throws Exception {
    HookPoint accept =
        row("accept", "(Ljava/io/FileDescriptor;", HookPoint.RETURN, "null 1 first:2");
    byte[] woven = Weaver.weave(new HookPoint[] {accept}, accept.owner, bytes(Target.class));
    HookPoint again =
        row("accept", "(Ljava/io/FileDescriptor;", HookPoint.RETURN, "null 1 first:2");
    assertNull(Weaver.weave(new HookPoint[] {again}, again.owner, woven));
    assertEquals(State.WOVEN, again.state());
  }

  /** As a JVM from 25 on leaves a class whose methods were given back. */
  @Test
  void aConstantThatNamesTheBridgeIsNoCall() throws Exception {
    ClassReader reader = new ClassReader(bytes(Target.class));
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(writer, 0);
    writer.newMethod(JavaBase.BRIDGE, "accept", "()V", false);
    HookPoint accept =
        row("accept", "(Ljava/io/FileDescriptor;", HookPoint.RETURN, "null 1 first:2");
    assertNotNull(Weaver.weave(new HookPoint[] {accept}, accept.owner, writer.toByteArray()));
    assertEquals(State.WOVEN, accept.state());
  }

  @Test
  void aClassFileOfAFutureJavaKeepsItsVersion() throws Exception {
    HookPoint accept =
        row("accept", "(Ljava/io/FileDescriptor;", HookPoint.RETURN, "null 1 first:2");
    byte[] future = bytes(Target.class);
    future[7] = 99;
    byte[] woven = Weaver.weave(new HookPoint[] {accept}, accept.owner, future);
    assertEquals(99, woven[7]);
    assertEquals(99, future[7], "the JVM's own bytes are not touched");
  }

  @Test
  void bytesThatAreNoClassFailOnlyTheirRow() {
    HookPoint accept =
        row("accept", "(Ljava/io/FileDescriptor;", HookPoint.RETURN, "null 1 first:2");
    HookPoint[] rows = {accept};
    WeavingTransformer transformer = new WeavingTransformer(null, rows);
    int before = Failures.count();
    assertNull(transformer.transform(null, accept.owner, null, null, new byte[] {1, 2, 3}));
    assertEquals(State.FAILED, accept.state());
    assertEquals(before + 1, Failures.count());
    assertNull(transformer.transform(null, "some/Other", null, null, new byte[0]));
    ClassLoader application = WeaverTest.class.getClassLoader();
    assertNull(transformer.transform(application, accept.owner, null, null, new byte[0]));
    assertEquals(before + 1, Failures.count());
  }

  @Test
  void renamesTheBridgeAndNothingElse() throws Exception {
    assertEquals(JavaBase.SOURCE.length(), JavaBase.BRIDGE.length());
    byte[] after = JavaBase.rename(bytes(Listener.class));
    String text = new String(after, StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("java/net/HbAgentBridge"));
    assertTrue(!text.contains("io/hbagent/hook/Bridge"));
    assertTrue(text.contains("io/hbagent/hook/Listener"));
    assertArrayEquals(bytes(Target.class), JavaBase.rename(bytes(Target.class)));
  }

  @Test
  void whatAListenerThrowsIsCountedAndStaysHere() {
    int before = Failures.count();
    Listener listener =
        new SilentListener() {
          @Override
          protected void connecting(FileDescriptor fd, InetAddress remote, int port) {
            throw new StackOverflowError();
          }

          @Override
          protected void accepted(
              FileDescriptor by, FileDescriptor fd, InetAddress remote, int port)
              throws IOException {
            throw new IOException();
          }

          @Override
          protected void optionSet(FileDescriptor fd, Object option) {
            throw new IllegalStateException();
          }
        };
    listener.install(null);
    Bridge.connect(FileDescriptor.out, null, 0);
    Bridge.listen(null);
    Bridge.accept(FileDescriptor.in, FileDescriptor.out, null, 0);
    Bridge.option(FileDescriptor.out, 0x0008);
    Bridge.option(FileDescriptor.out, 0x0001);
    Bridge.accept(FileDescriptor.in, null, null, 0);
    Bridge.accept(null, FileDescriptor.out, null);
    assertEquals(before + 3, Failures.count());
    assertNotNull(Failures.first());
  }
}
