package io.hbagent.hook;

import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.net.URL;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** JDK 9 and newer: a module is redefined, and a lookup in the package defines the class. */
final class JavaBaseAccess9 extends JavaBaseAccess {

  /** The first JDK whose two classes called ExtendedSocketOptions do not need each other. */
  private static final int CANNOT_DEADLOCK = 17;

  // Loaded by name from JavaBaseAccess.
  JavaBaseAccess9() {}

  @Override
  void open(Instrumentation instrumentation) {
    Set<Module> agent = Collections.singleton(JavaBaseAccess9.class.getModule());
    Map<String, Set<Module>> opens = new HashMap<>();
    opens.put("sun.nio.ch", agent);
    opens.put("java.net", agent);
    instrumentation.redefineModule(
        Object.class.getModule(),
        Collections.emptySet(),
        Collections.emptyMap(),
        opens,
        Collections.emptySet(),
        Collections.emptyMap());
    if (Runtime.version().major() < CANNOT_DEADLOCK) {
      initialiseSocketOptions();
    }
  }

  /**
   * On JDK 9 to 16 {@code jdk.net.ExtendedSocketOptions} and the JDK's internal class of the same
   * name initialise each other (JDK-8260366). A thread that begins with the one and a thread that
   * begins with the other wait for each other for ever, and so does every socket of the JVM. The
   * agent's thread begins with the internal one when it comes upon {@code sun.nio.ch.Net}; an
   * application's main may begin with the other at the same moment. So both are initialised here,
   * where there is no main yet.
   */
  private static void initialiseSocketOptions() {
    try {
      Class.forName("jdk.net.ExtendedSocketOptions", true, null);
    } catch (ClassNotFoundException e) {
      // an image without the module jdk.net: the internal class is alone
    }
  }

  @Override
  boolean asksOnlyWhileRegistered() {
    return true;
  }

  @Override
  Class<?> define(byte[] classFile) throws ReflectiveOperationException {
    // URL stands for any class of its package that is loaded at every start.
    return MethodHandles.privateLookupIn(URL.class, MethodHandles.lookup()).defineClass(classFile);
  }
}
