package io.hbagent.hook;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads class files: of the agent's own jar, and of the JDK. */
final class ClassFiles {

  private ClassFiles() {}

  /**
   * Reads one of the agent's jar.
   *
   * @param name internal name of the class
   * @throws IOException when the jar lacks it, or cannot be read
   */
  static byte[] own(String name) throws IOException {
    String path = name + ".class";
    return read(ClassFiles.class.getClassLoader().getResourceAsStream(path), path, "the jar");
  }

  /**
   * Reads the one of a class of the boot loader, as it was before any agent; of a patched module
   * (--patch-module) the patch. No code of the application runs for it.
   *
   * @throws IOException when the JDK's image lacks it, or cannot be read
   */
  static byte[] ofJdk(Class<?> type) throws IOException {
    String path = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
    return read(type.getResourceAsStream(path), path, "the JDK");
  }

  private static byte[] read(InputStream resource, String path, String where) throws IOException {
    try (InputStream in = resource) {
      if (in == null) {
        throw new IOException(path + " is missing from " + where);
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
