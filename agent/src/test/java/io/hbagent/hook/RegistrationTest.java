package io.hbagent.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.hook.netty.channel.unix.Socket;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is asked of the JVM, in which order, by a registration that it is played to. */
@Timeout(60)
class RegistrationTest {

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final TransportHooks transports = new TransportHooks();
  private final WeavingTransformer transformer =
      new WeavingTransformer(new HookPoint[0], transports);
  private volatile Runnable whileRetransforming = () -> {};
  private volatile Runnable whileRedefining = () -> {};

  private final Instrumentation jvm =
      (Instrumentation)
          Proxy.newProxyInstance(
              RegistrationTest.class.getClassLoader(),
              new Class<?>[] {Instrumentation.class},
              (proxy, method, arguments) -> {
                return switch (method.getName()) {
                  case "addTransformer" -> {
                    asked.add((boolean) arguments[1] ? "add always" : "add lasting");
                    yield null;
                  }
                  case "removeTransformer" -> asked.add("remove");
                  case "getAllLoadedClasses" ->
                      new Class<?>[] {Object.class, Socket.class, RegistrationTest.class};
                  case "isModifiableClass" -> true;
                  case "retransformClasses" -> {
                    asked.add("retransform " + ((Class<?>[]) arguments[0])[0].getSimpleName());
                    whileRetransforming.run();
                    yield null;
                  }
                  case "redefineClasses" -> {
                    ClassDefinition first = ((ClassDefinition[]) arguments[0])[0];
                    asked.add("redefine " + first.getDefinitionClass().getSimpleName());
                    whileRedefining.run();
                    yield null;
                  }
                  default -> throw new UnsupportedOperationException(method.toString());
                };
              });

  private final Registration registration = new Registration(jvm, transformer, transports);

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
    registration.anew(ServerSocket.class);
    assertEquals(List.of("add always", "retransform ServerSocket"), asked);
  }

  /** Whatever is redefined for us, while it rests, is woven, and nobody is recalled by it. */
  @Test
  void isThereWhileItRedefines() throws Exception {
    registration.begin(true);
    registration.rest();
    asked.clear();
    whileRedefining = registration::recall;
    registration.anew(ServerSocket.class);
    assertEquals(List.of("add lasting", "redefine ServerSocket", "remove"), asked);
    assertFalse(transformer.lasting());
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
    registration.anew(ServerSocket.class);
    assertEquals(
        List.of(
            "add lasting", "redefine ServerSocket", "add always", "remove", "retransform Socket"),
        asked);
  }

  /**
   * Two threads load a library each: the second waits for nothing that the first one does, which
   * may hold its class loader's lock, and yet finds everything woven.
   */
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
      assertEquals(List.of("add always", "retransform Socket", "retransform Socket"), asked);
      goOn.countDown();
      first.get(30, TimeUnit.SECONDS);
    } finally {
      one.shutdownNow();
    }
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
          throw new UnsupportedOperationException("class redefinition failed");
        };
    int before = Failures.count();
    registration.recall();
    assertEquals(before + 1, Failures.count());
    assertTrue(asked.contains("add always"), asked::toString);
  }
}
