package io.hbagent.cli;

import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Properties;
import net.bytebuddy.agent.ByteBuddyAgent.AttachmentProvider;

/**
 * The JDK's attach API, by reflection: {@code --release 8} hides it, on JDK 8 it lies in tools.jar
 * beside the class path, and a JRE may lack it. One thread.
 *
 * <p>byte-buddy-agent finds it. Its {@code attach} is not used: it does not read the system
 * properties of a JVM, as {@code list} does without loading an agent, and wraps the exceptions from
 * which the cure is taken.
 */
final class AttachApi implements Closeable {

  private static boolean looked;
  private static Class<?> found;

  private final Class<?> type;
  private final Object machine;

  private AttachApi(Class<?> type, Object machine) {
    this.type = type;
    this.machine = machine;
  }

  /**
   * Returns its VirtualMachine; null when the Java that runs this has none. Searched once: on JDK 8
   * each search makes a class loader for tools.jar, and only the first of them may load its native
   * library.
   */
  static synchronized Class<?> find() {
    if (!looked) {
      looked = true;
      found = look();
    }
    return found;
  }

  private static Class<?> look() {
    AttachmentProvider[] providers = {
      AttachmentProvider.ForModularizedVm.INSTANCE,
      AttachmentProvider.ForStandardToolsJarVm.JDK_ROOT,
      AttachmentProvider.ForStandardToolsJarVm.JVM_ROOT,
      AttachmentProvider.ForStandardToolsJarVm.MACINTOSH,
      AttachmentProvider.ForUserDefinedToolsJar.INSTANCE
    };
    for (AttachmentProvider provider : providers) {
      AttachmentProvider.Accessor accessor = provider.attempt();
      if (accessor.isAvailable()) {
        return accessor.getVirtualMachineType();
      }
    }
    return null;
  }

  /** Connects to a JVM; as the API throws. */
  static AttachApi attach(Class<?> type, long pid) throws Exception {
    return new AttachApi(type, call(type, null, "attach", String.valueOf(pid)));
  }

  /** Loads an agent and waits until its agentmain has returned. */
  void load(String jar, String arguments) throws Exception {
    try {
      type.getMethod("loadAgent", String.class, String.class).invoke(machine, jar, arguments);
    } catch (InvocationTargetException e) {
      throw unwrap(e);
    }
  }

  /** The system properties of the target. */
  Properties systemProperties() throws Exception {
    return (Properties) call(type, machine, "getSystemProperties");
  }

  private static Object call(Class<?> type, Object on, String name, String... arguments)
      throws Exception {
    try {
      Class<?>[] types = new Class<?>[arguments.length];
      Arrays.fill(types, String.class);
      return type.getMethod(name, types).invoke(on, (Object[]) arguments);
    } catch (InvocationTargetException e) {
      throw unwrap(e);
    }
  }

  private static Exception unwrap(InvocationTargetException e) throws Exception {
    if (e.getCause() instanceof Error) {
      throw (Error) e.getCause();
    }
    return (Exception) e.getCause();
  }

  @Override
  public void close() throws IOException {
    try {
      call(type, machine, "detach");
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
