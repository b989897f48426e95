package io.hbagent.control;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;

/**
 * The file in which the command line leaves its request and finds the answer; it makes the file,
 * and deletes it.
 *
 * <p>Why a file, and not a system property read through the attach API: the application would see
 * the property, nobody could take it away again after a detach, and the way there, the arguments of
 * the agent, is cut off at 1024 characters. It lies where the JVM's own attach socket lies, so
 * whoever gets that far can reach it, across users and containers. A request that was given up is
 * gone with its file: a target that wakes up later finds nothing to do.
 */
public final class Post {

  /** Before the path, in the agent's arguments. No option begins with it. */
  public static final String MARK = "@";

  private final File file;

  /**
   * @param path as the target sees it
   */
  public Post(String path) {
    this.file = new File(path);
  }

  /** The request; null when it was taken back. */
  public Request read() throws IOException {
    if (!file.isFile()) {
      return null;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InputStream in =
        Files.newInputStream(file.toPath(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      byte[] buffer = new byte[4096];
      int n;
      while ((n = in.read(buffer)) > 0) {
        bytes.write(buffer, 0, n);
      }
    }
    open().close(); // Empty now: whoever asked can see that it was taken.
    return Request.parse(new String(bytes.toByteArray(), StandardCharsets.UTF_8));
  }

  /** Whether whoever asked still wants to hear. */
  public boolean isThere() {
    return file.isFile();
  }

  /** Whether the last answer was taken, and the next one may be written. */
  public boolean isEmpty() {
    return file.length() == 0;
  }

  /** Writes the answer in the place of the request; never makes the file anew. */
  public void write(Report report) throws IOException {
    try (OutputStream out = open()) {
      out.write(report.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private OutputStream open() throws IOException {
    return Files.newOutputStream(
        file.toPath(),
        StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING,
        LinkOption.NOFOLLOW_LINKS);
  }
}
