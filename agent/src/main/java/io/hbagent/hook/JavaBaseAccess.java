package io.hbagent.hook;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Field;
import java.security.ProtectionDomain;

/**
 * Access to {@code java.base}: opens what the agent reads and defines the bridge.
 *
 * <p>This class is for JDK 8, its subclass for 9 and newer. That one is compiled from {@code
 * src/main/java9}, so that its calls are plain ones: the same calls by reflection cost the start of
 * a JDK 25 some 8 ms, by method handle half of that.
 */
class JavaBaseAccess {

  /** Returns the one for the running JDK. */
  static JavaBaseAccess current() throws ReflectiveOperationException {
    try {
      Class.forName("java.lang.Module", false, null);
    } catch (ClassNotFoundException e) {
      return new JavaBaseAccess();
    }
    return Class.forName("io.hbagent.hook.JavaBaseAccess9")
        .asSubclass(JavaBaseAccess.class)
        .getDeclaredConstructor()
        .newInstance();
  }

  /**
   * Lets the agent's own module, and no other, reach the private members of {@code sun.nio.ch} and
   * {@code java.net}. To open them to the class path as well would change what libraries find when
   * they probe for it (Netty does). On JDK 8 nothing needs opening.
   */
  void open(Instrumentation instrumentation) {}

  /**
   * Returns whether this JVM calls Java for the classes it loads only while a transformer is
   * registered: each of JDK 9 and newer, none of JDK 8.
   */
  boolean asksOnlyWhileRegistered() {
    return false;
  }

  /** Defines the bridge in the boot loader, in package {@code java.net}. */
  void define(byte[] classFile) throws ReflectiveOperationException {
    // By reflection, because --release 8 hides sun.misc.
    Class<?> unsafe = Class.forName("sun.misc.Unsafe");
    Field instance = unsafe.getDeclaredField("theUnsafe");
    instance.setAccessible(true);
    Class<?>[] parameters = {
      String.class, byte[].class, int.class, int.class, ClassLoader.class, ProtectionDomain.class
    };
    unsafe
        .getMethod("defineClass", parameters)
        .invoke(
            instance.get(null), BootClasses.BRIDGE, classFile, 0, classFile.length, null, null);
  }
}
