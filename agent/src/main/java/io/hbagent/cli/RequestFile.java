package io.hbagent.cli;

import io.hbagent.control.Post;
import io.hbagent.control.Report;
import io.hbagent.control.Request;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Our end of the {@link Post}: makes the file where the target's JVM keeps its attach socket, which
 * on Linux is {@code /tmp} whatever {@code java.io.tmpdir} says, and in a container that of the
 * container.
 */
final class RequestFile implements Closeable {

  private static final String PREFIX = ".hb-agent-";

  /** Above what anybody waits for an answer. */
  private static final long STALE_MILLIS = 3_600_000;

  private final Path file;
  private final String asTargetSeesIt;

  private RequestFile(Path file, String asTargetSeesIt) {
    this.file = file;
    this.asTargetSeesIt = asTargetSeesIt;
  }

  /** Leaves a request; one to watch names the file itself as its options. */
  static RequestFile send(ProcessInfo target, Request.Verb verb, String options)
      throws IOException {
    File folder =
        ProcessInfo.isThere()
            ? new File(AttachSocket.FOLDER)
            : new File(System.getProperty("java.io.tmpdir"));
    File ours = ProcessInfo.isThere() ? target.inItsRoot(AttachSocket.FOLDER) : folder;
    if (!ours.isDirectory()) {
      ours = folder;
    }
    boolean posix = ours.toPath().getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] ownerOnly =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    sweep(ours.toPath(), System.currentTimeMillis());
    Path file = Files.createTempFile(ours.toPath(), PREFIX, "", ownerOnly);
    RequestFile courier =
        new RequestFile(file, new File(folder, file.getFileName().toString()).getPath());
    try {
      String text = verb == Request.Verb.WATCH ? courier.asTargetSeesIt : options;
      Request request = new Request(verb, text);
      Files.write(file, request.toString().getBytes(StandardCharsets.UTF_8));
      courier.handOver(target);
    } catch (IOException | RuntimeException e) {
      courier.close();
      throw e;
    }
    return courier;
  }

  /**
   * Removes what command lines left here that were killed while they waited: nobody else would.
   *
   * <p>Harmless, also to those at work. A request is answered or taken back within {@code
   * --timeout}, and one that watches has its file written to every two seconds. Should somebody
   * wait for more than an hour all the same, or have his watching stopped for as long, then a
   * request without its file is one that was taken back: the target does nothing, and never makes
   * the file anew. Only plain files of this name go, never what a link leads to, and the sticky bit
   * of the folder keeps those of other users from everybody but root.
   */
  static void sweep(Path folder, long now) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*")) {
      for (Path each : files) {
        removeIfStale(each, now);
      }
    } catch (IOException | DirectoryIteratorException e) {
      // A folder that cannot be read is no reason not to write into it.
    }
  }

  private static void removeIfStale(Path file, long now) {
    try {
      BasicFileAttributes is =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (is.isRegularFile() && now - is.lastModifiedTime().toMillis() > STALE_MILLIS) {
        Files.delete(file);
      }
    } catch (IOException e) {
      // gone meanwhile, or somebody else's
    }
  }

  /** When root asks, the target must still be able to answer. */
  private void handOver(ProcessInfo target) throws IOException {
    String uid = target.effectiveUid();
    if (!uid.isEmpty() && target.isOfAnother(file)) {
      Files.setAttribute(file, "unix:uid", Integer.valueOf(uid));
    }
  }

  /** The arguments of the agent that lead it here. */
  String arguments() {
    return Post.MARK + asTargetSeesIt;
  }

  /** The answer, or null while there is none. */
  Report answer() throws IOException {
    return Report.parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
  }

  /** Tells an agent that is watched that its answer was read and the next one is wanted. */
  void next() throws IOException {
    Files.write(file, new byte[0], StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
  }

  /** Takes the request back; false when the target has begun with it. */
  boolean takeBack() {
    try {
      Path away = file.resolveSibling(file.getFileName() + "-");
      Files.move(file, away);
      boolean untouched = Files.size(away) > 0;
      Files.delete(away);
      return untouched;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
