package io.hbagent.hook;

/**
 * The class of ours that lives in {@code java.base}, under another name than it is written.
 *
 * <p>A class cannot be compiled into {@code java.net} for every JDK, and the jar must not hold one,
 * so {@link Bridge} is written here and renamed when the jar is made. The two names have the same
 * length, so that a class file is renamed in place (a name stands in it as UTF-8 behind its length,
 * JVMS 4.4.7).
 */
public final class BootClasses {

  /** Internal name of the bridge as it is written, under which no loader ever defines it. */
  static final String WRITTEN = "io/hbagent/hook/Bridge";

  /** Internal name of the {@link Bridge} inside {@code java.base}. */
  static final String BRIDGE = "java/net/HbAgentBridge";

  private BootClasses() {}

  /** Whether a class of the agent, given by its internal name, must be renamed. */
  public static boolean mustRename(String name) {
    // The second one's must not begin with that of the bridge, which is replaced wherever it is.
    return name.equals(WRITTEN) || name.equals("io/hbagent/hook/Listener");
  }

  /** Calls the bridge, in this class file, by the name it has inside {@code java.base}. */
  public static byte[] rename(byte[] classFile) {
    for (int i = 0; i + WRITTEN.length() <= classFile.length; i++) {
      if (classFile[i] == 'i' && isWritten(classFile, i)) {
        for (int j = 0; j < BRIDGE.length(); j++) {
          classFile[i + j] = (byte) BRIDGE.charAt(j);
        }
      }
    }
    return classFile;
  }

  private static boolean isWritten(byte[] bytes, int at) {
    for (int i = 0; i < WRITTEN.length(); i++) {
      if (bytes[at + i] != WRITTEN.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
