package io.hbagent.cli;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import net.bytebuddy.agent.ByteBuddyAgent.AttachmentProvider;

/**
 * The JDK's attach API, by reflection: {@code --release 8} hides it, on JDK 8 it lies in tools.jar
 * beside the class path, and a JRE may lack it. Its calls may block for ever.
 *
 * <p>byte-buddy-agent finds it. Its {@code attach} is not used: it does not read the system
 * properties of a JVM, as {@code list} does without loading an agent.
 */
final class AttachApi {

  /**
   * VirtualMachine; null when the Java that runs this has none. Searched once: on JDK 8 each search
   * makes a class loader for tools.jar, and only the first may load its native library.
   */
  private static final Class<?> TYPE = find();

  private AttachApi() {}

  private static Class<?> find() {
    AttachmentProvider.Accessor accessor =
        new AttachmentProvider.Compound(
                AttachmentProvider.ForModularizedVm.INSTANCE,
                AttachmentProvider.ForStandardToolsJarVm.JDK_ROOT,
                AttachmentProvider.ForStandardToolsJarVm.JVM_ROOT,
                AttachmentProvider.ForStandardToolsJarVm.MACINTOSH,
                AttachmentProvider.ForUserDefinedToolsJar.INSTANCE)
            .attempt();
    return accessor.isAvailable() ? accessor.getVirtualMachineType() : null;
  }

  static boolean isAvailable() {
    return TYPE != null;
  }

  /**
   * Loads an agent into a JVM and waits until its agentmain has returned; throws as the API.
   * Returns null.
   */
  static Void load(String pid, String jar, String arguments) throws Exception {
    return (Void) attached(pid, "loadAgent", jar, arguments);
  }

  /** Returns the system properties of a JVM; throws as the API. */
  static Properties systemProperties(String pid) throws Exception {
    return (Properties) attached(pid, "getSystemProperties");
  }

  /**
   * Returns main class or jar, and arguments, by process ID, of the JVMs this user may see. Reads
   * the files that JVMs keep for it ({@code hsperfdata}); no JVM is touched. Empty if that fails.
   */
  static Map<Long, String> displayNames() {
    Map<Long, String> names = new HashMap<>();
    try {
      // The exported class, not the provider's, whose methods cannot be called.
      Class<?> descriptor =
          Class.forName(
              "com.sun.tools.attach.VirtualMachineDescriptor", false, TYPE.getClassLoader());
      for (Object each : (List<?>) call(TYPE, null, "list")) {
        String pid = (String) call(descriptor, each, "id");
        names.put(Long.valueOf(pid), String.valueOf(call(descriptor, each, "displayName")));
      }
    } catch (Exception | LinkageError e) {
      return names; // JVMs are found in /proc as well
    }
    return names;
  }

  private static Object attached(String pid, String method, String... arguments) throws Exception {
    Object machine = call(TYPE, null, "attach", pid);
    try {
      return call(TYPE, machine, method, arguments);
    } finally {
      call(TYPE, machine, "detach");
    }
  }

  private static Object call(Class<?> type, Object on, String method, String... arguments)
      throws Exception {
    Class<?>[] types = new Class<?>[arguments.length];
    Arrays.fill(types, String.class);
    try {
      return type.getMethod(method, types).invoke(on, (Object[]) arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Error) {
        throw (Error) e.getCause();
      }
      throw (Exception) e.getCause();
    }
  }
}
