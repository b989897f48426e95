package io.hbagent.hook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.security.ProtectionDomain;

/**
 * The agent's part in {@code java.base}: the packages that are opened to it, and the bridge.
 *
 * <p>A class cannot be compiled into {@code java.net} for every JDK, and the jar must not hold one,
 * so {@link Bridge} and the classes that name it are {@linkplain #rename renamed} when the jar is
 * made. The two names have the same length, so that a class file is renamed in place (a name stands
 * in it as UTF-8 behind its length, JVMS 4.4.7).
 *
 * <p>This class is for JDK 8, its subclass for 9 and newer. That one is compiled from {@code
 * src/main/java9}, so that its calls are plain ones: the same calls by reflection cost the start of
 * a JDK 25 some 8 ms, by method handle half of that.
 */
public class JavaBase {

  /** Internal name of the bridge in its source, under which no loader ever defines it. */
  static final String SOURCE = "io/hbagent/hook/Bridge";

  /** Internal name of the {@link Bridge} inside {@code java.base}. */
  static final String BRIDGE = "java/net/HbAgentBridge";

  JavaBase() {}

  /** Returns the one for the running JDK. */
  static JavaBase current() throws ReflectiveOperationException {
    try {
      Class.forName("java.lang.Module", false, null);
    } catch (ClassNotFoundException e) {
      return new JavaBase();
    }
    return Class.forName("io.hbagent.hook.JavaBase9")
        .asSubclass(JavaBase.class)
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
   * Lets the agent's own module reach the thread dump of the JVM, in {@code java.management} and
   * {@code jdk.management}. On JDK 8 nothing needs opening.
   */
  void openManagement(Instrumentation instrumentation) {}

  /**
   * Returns whether this JVM calls Java for the classes it loads only while a transformer is
   * registered: each of JDK 9 and newer, none of JDK 8.
   */
  boolean showsClassesOnlyToTransformers() {
    return false;
  }

  /**
   * Returns the options this JVM was started with, whatever they came from: command line, argument
   * file, environment or a launcher of its own. None on JDK 8.
   */
  String[] jvmOptions() throws ReflectiveOperationException {
    return new String[0];
  }

  /** Defines a class of package {@code java.net} in the boot loader. */
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
        .invoke(instance.get(null), BRIDGE, classFile, 0, classFile.length, null, null);
  }

  /** Defines the bridge. */
  final void defineBridge() throws ReflectiveOperationException, IOException {
    define(classFile(SOURCE));
  }

  /** Returns the bridge inside {@code java.base}, or null if there is none. */
  static Class<?> bridge() {
    try {
      return Class.forName(BRIDGE.replace('/', '.'), false, null);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  /**
   * Checks that a bridge that another agent has left in {@code java.base} is that of this agent. By
   * reflection: linking to a bridge of another shape would fail without a reason.
   *
   * @throws ReflectiveOperationException if the two differ, with a sentence for the user
   */
  static void checkShape(Class<?> bridge) throws ReflectiveOperationException {
    Object shape = field(bridge, "SHAPE");
    if (!Integer.valueOf(Bridge.SHAPE).equals(shape)) {
      Object version = field(bridge, "version");
      throw new ReflectiveOperationException(
          "hb-agent "
              + (version == null ? "of another version" : version)
              + " was in this JVM before, and this version cannot take its place; use that version,"
              + " or restart the application");
    }
  }

  private static Object field(Class<?> bridge, String name) throws IllegalAccessException {
    try {
      return bridge.getField(name).get(null);
    } catch (NoSuchFieldException e) {
      return null; // an early one
    }
  }

  /**
   * Reads a class file of the agent's jar.
   *
   * @param name internal name of the class
   * @throws IOException if the jar lacks it, or cannot be read
   */
  static byte[] classFile(String name) throws IOException {
    String path = name + ".class";
    try (InputStream in = JavaBase.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException(path + " is missing from the jar");
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        bytes.write(buffer, 0, n);
      }
      return bytes.toByteArray();
    }
  }

  /** Returns whether a class of the agent, by its internal name, is the bridge or names it. */
  public static boolean mustRename(String name) {
    // None of them may begin with the name of the bridge, which is replaced wherever it is.
    return name.equals(SOURCE)
        || name.equals("io/hbagent/hook/Listener")
        || name.equals("io/hbagent/hook/Hooks")
        || name.equals("io/hbagent/hook/Failures");
  }

  /** Replaces the name of the bridge, in a class file, by the one inside {@code java.base}. */
  public static byte[] rename(byte[] classFile) {
    String bytes = new String(classFile, StandardCharsets.ISO_8859_1);
    return bytes.replace(SOURCE, BRIDGE).getBytes(StandardCharsets.ISO_8859_1);
  }
}
