package io.hbagent.hook;

import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.net.URL;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** JDK 9 and newer: a module is redefined, and a lookup in the package defines the class. */
final class JavaBase9 extends JavaBase {

  // Loaded by name from JavaBase.
  JavaBase9() {}

  @Override
  void open(Instrumentation instrumentation) {
    Set<Module> agent = Collections.singleton(JavaBase9.class.getModule());
    Map<String, Set<Module>> opens = new HashMap<>();
    opens.put("sun.nio.ch", agent);
    opens.put("java.net", agent);
    instrumentation.redefineModule(
        Object.class.getModule(),
        Collections.emptySet(),
        Collections.singletonMap("jdk.internal.misc", agent),
        opens,
        Collections.emptySet(),
        Collections.emptyMap());
  }

  @Override
  void openManagement(Instrumentation instrumentation) {
    open(instrumentation, "java.management", "sun.management");
    open(instrumentation, "jdk.management", "com.sun.management.internal");
  }

  private static void open(Instrumentation instrumentation, String module, String name) {
    Module found = ModuleLayer.boot().findModule(module).orElse(null);
    // A runtime image may lack the module, and a JVM other than HotSpot the package.
    if (found != null && found.getPackages().contains(name)) {
      Set<Module> agent = Collections.singleton(JavaBase9.class.getModule());
      instrumentation.redefineModule(
          found,
          Collections.emptySet(),
          Collections.emptyMap(),
          Collections.singletonMap(name, agent),
          Collections.emptySet(),
          Collections.emptyMap());
    }
  }

  @Override
  boolean showsClassesOnlyToTransformers() {
    return true;
  }

  /** Asks what management asks, which would take 40 ms and initialise more. */
  @Override
  String[] jvmOptions() throws ReflectiveOperationException {
    Class<?> vm = Class.forName("jdk.internal.misc.VM");
    return (String[]) vm.getMethod("getRuntimeArguments").invoke(null);
  }

  @Override
  void define(byte[] classFile) throws ReflectiveOperationException {
    // URL stands for any class of its package that is loaded at every start.
    MethodHandles.privateLookupIn(URL.class, MethodHandles.lookup()).defineClass(classFile);
  }
}
