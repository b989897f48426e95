package io.hbagent.hook;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads class files of the agent's own jar. */
final class ClassFiles {

  private ClassFiles() {}

  /**
   * Reads one.
   *
   * @param name internal name of the class
   * @throws IOException when the jar lacks it, or cannot be read
   */
  static byte[] own(String name) throws IOException {
    String path = name + ".class";
    try (InputStream in = ClassFiles.class.getClassLoader().getResourceAsStream(path)) {
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
