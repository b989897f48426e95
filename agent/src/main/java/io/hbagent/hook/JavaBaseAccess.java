package io.hbagent.hook;

import java.lang.instrument.Instrumentation;

/**
 * The way into {@code java.base}: opens what the agent reads and defines the bridge.
 *
 * <p>Two of them, for JDK 8 and for 9 and newer. The newer one is compiled from {@code
 * src/main/java9}, so that its calls are plain ones: the same calls by reflection cost the start of
 * a JDK 25 some 8 ms, by method handle half of that.
 */
abstract class JavaBaseAccess {

  /** The one for the running JDK. */
  static JavaBaseAccess current() throws ReflectiveOperationException {
    String name = "io.hbagent.hook.JavaBaseAccess9";
    try {
      Class.forName("java.lang.Module", false, null);
    } catch (ClassNotFoundException e) {
      name = "io.hbagent.hook.JavaBaseAccess8";
    }
    // By name, both: else the verifier loads the other one as well.
    return Class.forName(name)
        .asSubclass(JavaBaseAccess.class)
        .getDeclaredConstructor()
        .newInstance();
  }

  /**
   * Lets the agent's own module, and no other, reach the private members of {@code sun.nio.ch} and
   * {@code java.net}. To open them to the class path as well would change what libraries find when
   * they probe for it (Netty does).
   */
  abstract void open(Instrumentation instrumentation);

  /**
   * Whether a JVM calls Java for the classes it loads only while a transformer is there that asked
   * for it. Each of JDK 9 and newer, none of JDK 8.
   */
  abstract boolean asksOnlyWhileRegistered();

  /** Defines a class of package {@code java.net} in the boot loader. */
  abstract Class<?> define(byte[] classFile) throws ReflectiveOperationException;
}
