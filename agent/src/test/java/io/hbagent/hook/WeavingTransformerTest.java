package io.hbagent.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.hook.HookPoint.State;
import io.hbagent.hook.netty.channel.unix.Socket;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The calls of a transformer to the JVM, and their order; the JVM is a proxy. */
@Timeout(60)
class WeavingTransformerTest {

  private static final boolean FOR_GOOD = true;

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private volatile Runnable whileAdding = () -> {};
  private volatile Runnable whileRetransforming = () -> {};

  private final Instrumentation jvm =
      (Instrumentation)
          Proxy.newProxyInstance(
              WeavingTransformerTest.class.getClassLoader(),
              new Class<?>[] {Instrumentation.class},
              (proxy, method, arguments) -> {
                switch (method.getName()) {
                  case "addTransformer" -> {
                    whileAdding.run();
                    assertTrue((boolean) arguments[1], "it can retransform");
                    asked.add("add");
                  }
                  case "removeTransformer" -> {
                    asked.add("remove");
                    return true;
                  }
                  case "getAllLoadedClasses" -> {
                    return new Class<?>[] {
                      Object.class, Socket.class, WeavingTransformerTest.class
                    };
                  }
                  case "isModifiableClass" -> {
                    return true;
                  }
                  case "retransformClasses" -> {
                    asked.add("retransform " + names(Stream.of((Class<?>[]) arguments[0])));
                    whileRetransforming.run();
                  }
                  default -> throw new UnsupportedOperationException(method.toString());
                }
                return null;
              });

  private final WeavingTransformer transformer = new WeavingTransformer(jvm, new HookPoint[0]);

  private static String names(Stream<Class<?>> types) {
    return types.map(Class::getSimpleName).collect(Collectors.joining(" "));
  }

  private static HookPoint row(String owner) {
    return new HookPoint(owner, "close()", HookPoint.ENTRY, "connect name:x", "", "");
  }

  private HookPoint[] add(String... owners) {
    HookPoint[] rows = Stream.of(owners).map(each -> row(each)).toArray(HookPoint[]::new);
    transformer.add(rows);
    return rows;
  }

  private void deregistered() {
    transformer.begin(!FOR_GOOD);
    transformer.deregister(new HookPoint[0]);
    asked.clear();
  }

  @Test
  void isDeregisteredAndRegisteredAgainOnce() {
    transformer.begin(!FOR_GOOD);
    assertTrue(transformer.mayDeregister());
    transformer.deregister(new HookPoint[0]);
    assertEquals(List.of("add", "remove"), asked);
    asked.clear();
    transformer.reregister();
    transformer.reregister();
    assertEquals(List.of("add", "retransform Socket"), asked);
    assertFalse(transformer.mayDeregister());
  }

  @Test
  void staysRegisteredWhereItMust() {
    transformer.begin(!FOR_GOOD);
    transformer.stay();
    transformer.deregister(new HookPoint[0]);
    transformer.complete(add("java/net/ServerSocket"));
    assertEquals(List.of("add", "retransform ServerSocket"), asked);
  }

  /** Else no hook would register it again. */
  @Test
  void staysRegisteredWhereATriggerIsNotWoven() {
    HookPoint trigger = HookTable.triggers(true)[0];
    transformer.begin(!FOR_GOOD);
    transformer.deregister(new HookPoint[] {trigger});
    assertEquals(List.of("add"), asked);
    assertFalse(transformer.mayDeregister());
  }

  /** Another agent is inside retransformClasses, which was woven after it had entered. */
  @Test
  void staysRegisteredWhileATriggerIsUnderWay() {
    HookPoint trigger =
        new HookPoint(
            WeavingTransformerTest.class.getName().replace('.', '/'),
            "staysRegisteredWhileATriggerIsUnderWay()",
            HookPoint.ENTRY,
            "classChange",
            HookTable.TRIGGER,
            "");
    trigger.state(State.WOVEN);
    transformer.begin(!FOR_GOOD);
    transformer.deregister(new HookPoint[] {trigger});
    assertEquals(List.of("add"), asked);
    assertFalse(transformer.mayDeregister());
  }

  /** Its own retransformation passes the hook of other agents'. */
  @Test
  void isRegisteredWhileItWeavesMoreAndNoLonger() {
    deregistered();
    whileRetransforming = transformer::reregister;
    transformer.complete(add("java/net/ServerSocket"));
    assertEquals(List.of("add", "retransform ServerSocket", "remove"), asked);
    assertTrue(transformer.mayDeregister());
  }

  /** The application loads a library at the moment in which the agent's thread retransforms. */
  @Test
  void staysRegisteredIfATriggerIsPassedWhileItWeavesMore() {
    deregistered();
    whileRetransforming =
        () -> {
          whileRetransforming = () -> {};
          Thread application = new Thread(transformer::reregister);
          application.start();
          try {
            application.join();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    transformer.complete(add("java/net/ServerSocket"));
    assertEquals(List.of("add", "retransform ServerSocket", "retransform Socket"), asked);
    assertFalse(transformer.mayDeregister());
  }

  /** For each time the JVM stops the application. */
  @Test
  void allThatAreLoadedAreRetransformedAtOnce() {
    HookPoint[] rows =
        add("java/net/ServerSocket", "no/such/Type", "java/net/Socket", "java/net/Socket");
    transformer.begin(!FOR_GOOD);
    transformer.complete(rows);
    assertEquals(List.of("add", "retransform ServerSocket Socket"), asked);
    assertEquals(State.ABSENT, rows[1].state());
  }

  @Test
  void oneThatIsRefusedDoesNotCostTheOthers() {
    HookPoint[] rows = add("java/net/Socket", "java/net/ServerSocket");
    transformer.begin(FOR_GOOD);
    asked.clear();
    whileRetransforming =
        () -> {
          if (asked.get(asked.size() - 1).contains(" Socket")) {
            throw new InternalError("class redefinition failed: invalid class"); // JPLISAgent.c
          }
        };
    int before = Failures.count();
    transformer.complete(rows);
    assertEquals(
        List.of(
            "retransform Socket ServerSocket", "retransform Socket", "retransform ServerSocket"),
        asked);
    assertEquals(State.FAILED, rows[0].state());
    assertEquals(State.PENDING, rows[1].state(), "no transformer runs here");
    assertEquals(before + 1, Failures.count());
  }

  @Test
  void aRegistrationThatFailsIsDoneByTheNext() {
    deregistered();
    whileAdding =
        () -> {
          throw new StackOverflowError();
        };
    assertThrows(StackOverflowError.class, transformer::reregister);
    whileAdding = () -> {};
    transformer.reregister();
    assertEquals(List.of("add", "retransform Socket"), asked);
  }

  /** Two threads load a library each: the second does not wait for what the first one does. */
  @Test
  void noThreadWaitsForAnother() throws Exception {
    deregistered();
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
      Future<?> first = one.submit(transformer::reregister);
      assertTrue(inside.await(30, TimeUnit.SECONDS));
      transformer.reregister();
      assertEquals(List.of("add", "retransform Socket"), asked);
      goOn.countDown();
      first.get(30, TimeUnit.SECONDS);
    } finally {
      one.shutdownNow();
    }
  }

  @Test
  void givesBackAllThatWasWovenAndTheTransports() throws Exception {
    HookPoint[] rows = add("java/net/Socket", "java/net/ServerSocket");
    rows[0].state(State.WOVEN);
    transformer.begin(FOR_GOOD);
    transformer.end();
    asked.clear();
    transformer.restore();
    assertEquals(List.of("retransform Socket", "retransform Socket"), asked);
  }

  /** A JVM before JDK 9 refuses an empty list, and writes so to standard error. */
  @Test
  void isNotAskedForNothing() throws Exception {
    transformer.begin(FOR_GOOD);
    transformer.end();
    asked.clear();
    transformer.restore();
    assertEquals(List.of("retransform Socket"), asked);
  }

  /** A thread that comes from a hook when the hooks have just been taken out. */
  @Test
  void isNotRegisteredAfterItsEnd() {
    deregistered();
    transformer.end();
    transformer.reregister();
    transformer.complete(add("java/net/ServerSocket"));
    assertFalse(asked.contains("add"), asked::toString);
  }

  @Test
  void aClassThatCannotBeTransformedIsCountedAndTheOthersAreDone() {
    deregistered();
    whileRetransforming =
        () -> {
          throw new InternalError("class redefinition failed: invalid class"); // JPLISAgent.c
        };
    int before = Failures.count();
    transformer.reregister();
    assertEquals(before + 1, Failures.count());
    assertTrue(asked.contains("add"), asked::toString);
  }
}
