package io.hbagent.hook;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Field;
import java.security.ProtectionDomain;

/** JDK 8: nothing needs opening, and Unsafe defines a class in the boot loader. */
final class JavaBaseAccess8 extends JavaBaseAccess {

  // Loaded by name from JavaBaseAccess.
  JavaBaseAccess8() {}

  @Override
  void open(Instrumentation instrumentation) {}

  @Override
  boolean asksOnlyWhileRegistered() {
    return false;
  }

  @Override
  Class<?> define(byte[] classFile) throws ReflectiveOperationException {
    // By reflection, because --release 8 hides sun.misc.
    Class<?> unsafe = Class.forName("sun.misc.Unsafe");
    Field instance = unsafe.getDeclaredField("theUnsafe");
    instance.setAccessible(true);
    return (Class<?>)
        unsafe
            .getMethod(
                "defineClass",
                String.class,
                byte[].class,
                int.class,
                int.class,
                ClassLoader.class,
                ProtectionDomain.class)
            .invoke(
                instance.get(null), BootClasses.BRIDGE, classFile, 0, classFile.length, null, null);
  }
}
