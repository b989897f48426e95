package io.hbagent.hook;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.hook.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a registration asks of the JVM, in which order; the JVM is a proxy. */
@Timeout(60)
class TransformerRegistrationTest {

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final TransportHooks transports = new TransportHooks();
  private final WeavingTransformer transformer =
      new WeavingTransformer(new HookPoint[0], transports);
  private volatile ClassFileTransformer added;
  private volatile Runnable whileAdding = () -> {};
  private volatile Runnable whileRetransforming = () -> {};
  private volatile Runnable whileRedefining = () -> {};

  private final Instrumentation jvm =
      (Instrumentation)
          Proxy.newProxyInstance(
              TransformerRegistrationTest.class.getClassLoader(),
              new Class<?>[] {Instrumentation.class},
              (proxy, method, arguments) -> {
                return switch (method.getName()) {
                  case "addTransformer" -> {
                    whileAdding.run();
                    added = (ClassFileTransformer) arguments[0];
                    asked.add((boolean) arguments[1] ? "add always" : "add lasting");
                    yield null;
                  }
                  case "removeTransformer" -> asked.add("remove");
                  case "getAllLoadedClasses" ->
                      new Class<?>[] {
                        Object.class, Socket.class, TransformerRegistrationTest.class
                      };
                  case "isModifiableClass" -> true;
                  case "retransformClasses" -> {
                    asked.add("retransform " + names(Stream.of((Class<?>[]) arguments[0])));
                    whileRetransforming.run();
                    if (added instanceof WeavingTransformer.ClassFileReader reader) {
                      for (Class<?> type : (Class<?>[]) arguments[0]) {
                        reader.transform(null, name(type), type, null, classFile(type));
                      }
                    }
                    yield null;
                  }
                  case "redefineClasses" -> {
                    Stream<ClassDefinition> all = Stream.of((ClassDefinition[]) arguments[0]);
                    asked.add("redefine " + names(all.map(ClassDefinition::getDefinitionClass)));
                    whileRedefining.run();
                    for (ClassDefinition each : (ClassDefinition[]) arguments[0]) {
                      redefined(each.getDefinitionClass(), each.getDefinitionClassFile());
                    }
                    yield null;
                  }
                  default -> throw new UnsupportedOperationException(method.toString());
                };
              });

  private final TransformerRegistration registration =
      new TransformerRegistration(jvm, transformer, transports);

  /** The class files that were redefined, and by that woven. */
  private final Map<Class<?>, byte[]> redefined = new HashMap<>();

  private boolean keepsTheFirst;

  private void redefined(Class<?> type, byte[] classFile) {
    byte[] woven = transformer.transform(null, name(type), type, null, classFile);
    if (!keepsTheFirst) {
      redefined.put(type, woven == null ? classFile : woven);
    }
  }

  private static String name(Class<?> type) {
    return type.getName().replace('.', '/');
  }

  private byte[] classFile(Class<?> type) throws IOException {
    byte[] known = redefined.get(type);
    if (known != null) {
      return known;
    }
    try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
      return in.readAllBytes();
    }
  }

  private static String names(Stream<Class<?>> types) {
    return types.map(Class::getSimpleName).collect(Collectors.joining(" "));
  }

  @Test
  void restsAndIsRecalledOnce() {
    registration.begin(true);
    assertTrue(registration.mayRest());
    registration.rest();
    assertEquals(List.of("add lasting", "remove"), asked);
    asked.clear();
    registration.recall();
    registration.recall();
    assertEquals(List.of("add always", "retransform Socket"), asked);
    assertFalse(registration.mayRest());
  }

  @Test
  void thereIsNoMomentBetweenTheTwoWays() {
    registration.begin(true);
    registration.stay();
    assertEquals(List.of("add lasting", "add always", "remove"), asked);
  }

  @Test
  void theOneThatStaysDoesNotRest() throws Exception {
    registration.begin(false);
    assertFalse(registration.mayRest());
    registration.weaveLoaded(ServerSocket.class);
    assertEquals(List.of("add always", "retransform ServerSocket"), asked);
  }

  /** A class redefined by us while deregistered is woven, without reregistering. */
  @Test
  void isThereWhileItRedefines() throws Exception {
    registration.begin(true);
    registration.rest();
    asked.clear();
    whileRedefining = registration::recall;
    registration.weaveLoaded(ServerSocket.class);
    List<String> read = List.of("add always", "retransform ServerSocket", "remove");
    assertEquals("add lasting", asked.get(0));
    assertEquals(read, asked.subList(1, 4));
    assertEquals(List.of("redefine ServerSocket", "remove"), asked.subList(4, 6));
    assertEquals(read, asked.subList(6, asked.size()));
    assertFalse(transformer.lasting());
    assertTrue(registration.mayRest());
  }

  /** As a JVM until JDK 19 does with a class that another agent has changed before. */
  @Test
  void staysWhereARedefinedClassIsNotShownAsSuch() throws Exception {
    HookPoint row = row("java/net/ServerSocket");
    transformer.add(new HookPoint[] {row});
    registration.begin(true);
    registration.rest();
    asked.clear();
    keepsTheFirst = true;
    registration.weaveLoaded(ServerSocket.class);
    assertFalse(registration.mayRest());
    assertEquals(List.of("add always", "retransform ServerSocket"), asked.subList(9, asked.size()));
  }

  /** Also where it was woven twice, for more rows of the table. */
  @Test
  void givesBackTheClassFileOfBeforeTheFirstWeaving() throws Exception {
    transformer.add(new HookPoint[] {row("java/net/ServerSocket")});
    byte[] before = classFile(ServerSocket.class);
    registration.begin(true);
    registration.weaveLoaded(ServerSocket.class);
    transformer.add(
        new HookPoint[] {
          new HookPoint(
              "java/net/ServerSocket", "isBound", "()", HookPoint.ENTRY, "option", "name:x", "", "")
        });
    registration.weaveLoaded(ServerSocket.class);
    assertFalse(Arrays.equals(before, classFile(ServerSocket.class)));
    registration.end();
    assertArrayEquals(before, transformer.original(ServerSocket.class));
    asked.clear();
    registration.restore(List.of(ServerSocket.class));
    assertEquals("redefine ServerSocket", asked.get(0));
  }

  /** For each time the JVM stops the application. */
  @Test
  void allThatAreLoadedAreWovenAtOnce() {
    HookPoint[] rows = {row("java/net/ServerSocket"), row("no/such/Type"), row("java/net/Socket")};
    transformer.add(rows);
    registration.begin(true);
    asked.clear();
    registration.complete(rows, 0, rows.length);
    assertEquals(
        List.of(
            "add always", // read
            "retransform ServerSocket Socket",
            "remove",
            "redefine ServerSocket Socket",
            "add always", // read again
            "retransform ServerSocket Socket",
            "remove"),
        asked);
    assertEquals(HookPoint.State.ABSENT, rows[1].state());
  }

  @Test
  void oneThatIsRefusedDoesNotCostTheOthers() {
    HookPoint[] rows = {row("java/net/Socket"), row("java/net/ServerSocket")};
    transformer.add(rows);
    registration.begin(false);
    asked.clear();
    whileRetransforming =
        () -> {
          if (asked.get(asked.size() - 1).contains(" Socket")) {
            throw new InternalError("class redefinition failed: invalid class"); // JPLISAgent.c
          }
        };
    int before = Failures.count();
    registration.complete(rows, 0, rows.length);
    assertEquals(
        List.of(
            "retransform Socket ServerSocket", "retransform Socket", "retransform ServerSocket"),
        asked);
    assertEquals(HookPoint.State.FAILED, rows[0].state());
    assertEquals(HookPoint.State.PENDING, rows[1].state(), "no transformer runs here");
    assertEquals(before + 1, Failures.count());
  }

  private static HookPoint row(String owner) {
    return new HookPoint(owner, "close", "()", HookPoint.ENTRY, "connect", "name:x", "", "");
  }

  @Test
  void aRecallThatFailsIsDoneByTheNext() {
    registration.begin(true);
    registration.rest();
    asked.clear();
    whileAdding =
        () -> {
          throw new StackOverflowError();
        };
    assertThrows(StackOverflowError.class, registration::recall);
    whileAdding = () -> {};
    registration.recall();
    assertEquals(List.of("add always", "retransform Socket"), asked);
  }

  /** The application loads a library at the moment in which the agent's thread redefines. */
  @Test
  void recalledWhileItRedefines() throws Exception {
    registration.begin(true);
    registration.rest();
    asked.clear();
    whileRedefining =
        () -> {
          Thread application = new Thread(registration::recall);
          application.start();
          try {
            application.join();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    registration.weaveLoaded(ServerSocket.class);
    assertEquals(
        List.of("redefine ServerSocket", "add always", "remove", "retransform Socket"),
        asked.subList(4, asked.size()));
  }

  /** Two threads load a library each: the second waits for nothing that the first one does. */
  @Test
  void nobodyWaitsForAnotherThread() throws Exception {
    registration.begin(true);
    registration.rest();
    asked.clear();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    whileRetransforming =
        () -> {
          whileRetransforming = () -> {};
          inside.countDown();
          try {
            assertTrue(goOn.await(30, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    ExecutorService one = Executors.newSingleThreadExecutor();
    try {
      Future<?> first = one.submit(registration::recall);
      assertTrue(inside.await(30, TimeUnit.SECONDS));
      registration.recall();
      assertEquals(List.of("add always", "retransform Socket"), asked);
      goOn.countDown();
      first.get(30, TimeUnit.SECONDS);
    } finally {
      one.shutdownNow();
    }
  }

  /** A JVM before JDK 9 refuses an empty list, and writes so to standard error. */
  @Test
  void isNotAskedForNothing() throws Exception {
    registration.begin(false);
    registration.end();
    asked.clear();
    registration.restore(List.of());
    assertEquals(List.of("retransform Socket"), asked);
  }

  /** A thread that comes from a hook when the hooks have just been taken out. */
  @Test
  void isNotRecalledAfterItsEnd() {
    registration.begin(true);
    registration.rest();
    registration.end();
    asked.clear();
    registration.recall();
    assertEquals(List.of(), asked);
  }

  @Test
  void aClassThatCannotBeTransformedIsCountedAndTheOthersAreDone() {
    registration.begin(true);
    registration.rest();
    whileRetransforming =
        () -> {
          throw new InternalError("class redefinition failed: invalid class"); // JPLISAgent.c
        };
    int before = Failures.count();
    registration.recall();
    assertEquals(before + 1, Failures.count());
    assertTrue(asked.contains("add always"), asked::toString);
  }
}
