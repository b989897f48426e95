package io.hbagent.hook;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The class of the agent that lives in {@code java.base}, under another name than in its source.
 *
 * <p>A class cannot be compiled into {@code java.net} for every JDK, and the jar must not hold one,
 * so {@link Bridge} is renamed when the jar is made. The two names have the same length, so that a
 * class file is renamed in place (a name stands in it as UTF-8 behind its length, JVMS 4.4.7).
 */
public final class BootClasses {

  /** Internal name of the bridge in its source, under which no loader ever defines it. */
  static final String SOURCE = "io/hbagent/hook/Bridge";

  /** Internal name of the {@link Bridge} inside {@code java.base}. */
  static final String BRIDGE = "java/net/HbAgentBridge";

  private BootClasses() {}

  /** Returns whether a class of the agent, by its internal name, is the bridge or links to it. */
  public static boolean mustRename(String name) {
    // None of them may begin with the name of the bridge, which is replaced wherever it is.
    return name.equals(SOURCE)
        || name.equals("io/hbagent/hook/Listener")
        || name.equals("io/hbagent/hook/Hooks")
        || name.equals("io/hbagent/hook/Failures");
  }

  /** Replaces the name of the bridge, in this class file, by the one inside {@code java.base}. */
  public static byte[] rename(byte[] classFile) {
    for (int i = 0; i + SOURCE.length() <= classFile.length; i++) {
      if (classFile[i] == 'i' && isSource(classFile, i)) {
        for (int j = 0; j < BRIDGE.length(); j++) {
          classFile[i + j] = (byte) BRIDGE.charAt(j);
        }
      }
    }
    return classFile;
  }

  private static boolean isSource(byte[] bytes, int at) {
    for (int i = 0; i < SOURCE.length(); i++) {
      if (bytes[at + i] != SOURCE.charAt(i)) {
        return false;
      }
    }
    return true;
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

  static byte[] classFileOfBridge() throws IOException {
    return classFile(SOURCE);
  }

  /**
   * Reads a class file of the agent's jar.
   *
   * @param name internal name of the class
   * @throws IOException if the jar lacks it, or cannot be read
   */
  static byte[] classFile(String name) throws IOException {
    String path = name + ".class";
    try (InputStream in = BootClasses.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException(path + " is missing from the jar");
      }
      byte[] buffer = new byte[8192];
      int length = 0;
      int n;
      while ((n = in.read(buffer, length, buffer.length - length)) > 0) {
        length += n;
        if (length == buffer.length) {
          buffer = Arrays.copyOf(buffer, length * 2);
        }
      }
      return Arrays.copyOf(buffer, length);
    }
  }
}
