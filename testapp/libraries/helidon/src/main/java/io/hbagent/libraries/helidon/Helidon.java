package io.hbagent.libraries.helidon;

import io.hbagent.libraries.kit.HttpGet;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Helidon's web server, which accepts and serves each connection on virtual threads. It is called
 * by reflection: its classes are compiled for Java 21, and the compiler of 17 cannot read them.
 */
final class Helidon {
  private static final int NEEDS_JDK = 21;
  private static final String SERVER = "io.helidon.webserver.WebServer";

  private Helidon() {}

  public static void main(String[] args) {
    Scenario.run(
        "Helidon",
        Scenario.version(Helidon.class.getResource("/" + SERVER.replace('.', '/') + ".class")),
        report -> {
          if (Runtime.version().feature() < NEEDS_JDK) {
            report.skip("Helidon needs JDK " + NEEDS_JDK);
          } else {
            serve(report.variant("WebServer").note("on virtual threads; needs JDK 21"));
          }
        });
  }

  private interface Look {
    void run() throws IOException;
  }

  private static void serve(Report report) throws Exception {
    Object builder = Class.forName(SERVER).getMethod("builder").invoke(null);
    call(builder, "host", String.class, "127.0.0.1");
    call(builder, "port", int.class, 0);
    int[] port = new int[1];
    Consumer<Object> routing = rules -> handle(rules, () -> report.server(port[0]));
    call(builder, "routing", Consumer.class, routing);
    Object server = call(builder, "build");
    call(server, "start");
    port[0] = (int) call(server, "port");
    HttpGet.root(report, port[0]);
    call(server, "stop");
  }

  /** Adds a handler for every request. */
  private static void handle(Object rules, Look look) {
    try {
      Class<?> type = Class.forName("io.helidon.webserver.http.Handler");
      Object handler =
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  look.run();
                  return call(arguments[1], "send");
                }
                return method.getReturnType() == int.class ? (Object) 0 : null;
              });
      Object handlers = Array.newInstance(type, 1);
      Array.set(handlers, 0, handler);
      call(rules, "any", handlers.getClass(), handlers);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("Helidon's handlers", e);
    }
  }

  private static Object call(Object target, String name) throws ReflectiveOperationException {
    return method(target, name).invoke(target);
  }

  private static Object call(Object target, String name, Class<?> type, Object argument)
      throws ReflectiveOperationException {
    return method(target, name, type).invoke(target, argument);
  }

  private static Method method(Object target, String name, Class<?>... parameters)
      throws NoSuchMethodException {
    Method method = target.getClass().getMethod(name, parameters);
    method.setAccessible(true); // the target's class need not be public
    return method;
  }
}
