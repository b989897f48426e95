package io.hbagent.control;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;

/**
 * A request in the target JVM: the open file that the command line has created for it in this JVM's
 * {@code /tmp}. The answer is written over the request. One thread.
 *
 * <p>A file is used, not a system property read through the attach API: the application would see
 * the property, it would outlast a detach, and the arguments of an agent, which would carry the
 * request, are cut off at 1024 characters. {@code /tmp} is where the JVM's own attach socket lies,
 * so it is reachable across users and containers.
 *
 * <p>The file is opened once, without following a link, and only if it is a regular one: to open a
 * FIFO would block. It is never created here, so a request that was withdrawn, which means deleted,
 * is not carried out.
 */
public final class ReceivedRequest implements Closeable {

  /** Precedes the path in the agent's arguments. No option begins with it. */
  public static final String MARK = "@";

  /** Replaces the request once it is being carried out. */
  private static final String TAKEN = "taken\n";

  /** Maximum size of a request, in bytes. */
  private static final int LIMIT = 1 << 20;

  private final Path file;
  private final FileChannel channel;

  private ReceivedRequest(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Opens the file of a request.
   *
   * @param path as this JVM sees it
   * @throws IOException if the request was withdrawn, or the file is none that a command line made
   */
  public static ReceivedRequest open(String path) throws IOException {
    Path file = Paths.get(path);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(path + " is not a regular file");
    }
    return new ReceivedRequest(
        file,
        FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
  }

  /** Marks the request as taken and returns it; null if it was withdrawn before. */
  public Request take() throws IOException {
    if (channel.size() > LIMIT) {
      throw new IOException(file + " holds more than " + LIMIT + " bytes");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
      // A read may return less than is there.
    }
    write(TAKEN);
    // In this order: a command line that finds its request unmarked after deleting the file says
    // that nothing was changed.
    return isAwaited()
        ? Request.parse(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8))
        : null;
  }

  /** Returns whether the command line still waits for an answer. */
  public boolean isAwaited() {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** Returns whether the command line has read the last answer and wants another one. */
  public boolean wantsNext() throws IOException {
    return channel.size() == 0;
  }

  /** Writes the answer, in place of the request or of the last answer. */
  public void answer(Report report) throws IOException {
    write(report.toString());
  }

  /** Empties the file first only if it must: an empty one asks for the next answer. */
  private void write(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    if (channel.size() > bytes.remaining()) {
      channel.truncate(0);
    }
    while (bytes.hasRemaining()) {
      channel.write(bytes, bytes.position());
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is released all the same.
    }
  }
}
