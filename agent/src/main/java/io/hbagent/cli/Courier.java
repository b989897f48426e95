package io.hbagent.cli;

import io.hbagent.control.Post;
import io.hbagent.control.Report;
import io.hbagent.control.Request;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Our end of the {@link Post}: makes the file where the target's JVM keeps its attach socket, which
 * on Linux is {@code /tmp} whatever {@code java.io.tmpdir} says, and in a container that of the
 * container.
 */
final class Courier implements Closeable {

  private final Path file;
  private final String asTargetSeesIt;

  private Courier(Path file, String asTargetSeesIt) {
    this.file = file;
    this.asTargetSeesIt = asTargetSeesIt;
  }

  /** Leaves a request; one to watch names the file itself as its options. */
  static Courier send(Proc target, Request.Verb verb, String options) throws IOException {
    File folder =
        Proc.isThere() ? new File("/tmp") : new File(System.getProperty("java.io.tmpdir"));
    File ours = Proc.isThere() ? target.inItsRoot("/tmp") : folder;
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
    Path file = Files.createTempFile(ours.toPath(), ".hb-agent-", "", ownerOnly);
    Courier courier = new Courier(file, new File(folder, file.getFileName().toString()).getPath());
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

  /** When root asks, the target must still be able to answer. */
  private void handOver(Proc target) throws IOException {
    String uid = target.effectiveUid();
    if (!uid.isEmpty() && Files.getAttribute(file, "unix:uid").equals(Integer.valueOf(uid))) {
      return;
    }
    if (!uid.isEmpty()) {
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
