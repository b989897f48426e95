package io.hbagent.cli;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/**
 * The folder in which a JVM keeps its attach socket, open: on Linux {@code /tmp} of its file
 * system, whatever {@code java.io.tmpdir} says. One thread.
 *
 * <p>The target's user may own this folder, and its whole file system, and may replace a name by a
 * link at any moment; the command line may run as root. So the folder is opened once, link by link
 * from the target's root, and everything in it is reached through that descriptor (openat(2)) by a
 * name that is never followed. And root creates and deletes only where the target's user could do
 * so too: with a mount namespace of its own, a user can make any folder of the host its {@code
 * /tmp}.
 */
final class TargetFolder implements Closeable {

  /** As the JVM sees it, on Linux. */
  static final String LINUX = "/tmp";

  /** Names of the folder that are looked at for old files. */
  static final int MAX_NAMES = 10_000;

  private final DirectoryStream<Path> stream;
  private final Path path;

  /** Null where the system has no openat(2): then names are resolved anew each time. */
  private final SecureDirectoryStream<Path> descriptor;

  private TargetFolder(DirectoryStream<Path> stream, Path path) {
    this.stream = stream;
    this.path = path;
    this.descriptor =
        stream instanceof SecureDirectoryStream ? (SecureDirectoryStream<Path>) stream : null;
  }

  /**
   * Opens it.
   *
   * @throws CommandException if root should not write there
   */
  static TargetFolder of(ProcessInfo target) throws IOException, CommandException {
    if (!ProcessInfo.isThere()) {
      return at(Paths.get(System.getProperty("java.io.tmpdir")));
    }
    TargetFolder folder = openLinux(target);
    try {
      folder.check(target);
      return folder;
    } catch (IOException | CommandException e) {
      folder.close();
      throw e;
    }
  }

  /** Opens a folder by its path. */
  @SuppressWarnings("StreamResourceLeak") // closed with this
  static TargetFolder at(Path path) throws IOException {
    return new TargetFolder(Files.newDirectoryStream(path), path);
  }

  private static TargetFolder openLinux(ProcessInfo target) throws IOException, CommandException {
    Path tmp = Paths.get(LINUX);
    try (DirectoryStream<Path> root = Files.newDirectoryStream(target.inItsRoot("/").toPath())) {
      Path name = tmp.getFileName();
      return new TargetFolder(
          ((SecureDirectoryStream<Path>) root).newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS),
          tmp);
    } catch (IOException e) {
      if (target.isInContainer()) {
        throw CommandException.failed(
            "cannot open the folder "
                + LINUX
                + " of JVM "
                + target.pid()
                + " ("
                + e
                + "); it must be a folder and no link: run the command inside the container",
            e);
      }
      return at(tmp); // a link of this system's own, or a root that cannot be seen
    }
  }

  private void check(ProcessInfo target) throws IOException, CommandException {
    String uid = target.effectiveUid();
    if (uid.isEmpty() || uid.equals(new ProcessInfo("self").effectiveUid())) {
      return; // the kernel checks
    }
    PosixFileAttributes is =
        descriptor.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
    boolean own =
        is.owner()
            .equals(
                FileSystems.getDefault()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByName(uid));
    if (!own && !is.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
      throw CommandException.failed(
          "the folder "
              + LINUX
              + " of JVM "
              + target.pid()
              + " is none that its own user may write to, so root does not either; run the command"
              + " as that user, or chmod 1777 the folder");
    }
  }

  /** Returns the path of a file in it, as the JVM sees it. */
  String pathOf(String name) {
    return new File(path.toFile(), name).getPath();
  }

  /**
   * Creates a file for its owner alone, and opens it to read and write.
   *
   * @throws IOException also if there is anything of this name, a link included
   */
  FileChannel create(String name) throws IOException {
    Set<OpenOption> options = new HashSet<>();
    options.add(StandardOpenOption.CREATE_NEW);
    options.add(StandardOpenOption.READ);
    options.add(StandardOpenOption.WRITE);
    options.add(LinkOption.NOFOLLOW_LINKS);
    Path file = Paths.get(name);
    if (descriptor == null) {
      return FileChannel.open(path.resolve(file), options);
    }
    FileAttribute<?> owner =
        PosixFilePermissions.asFileAttribute(
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    SeekableByteChannel channel = descriptor.newByteChannel(file, options, owner);
    return (FileChannel) channel;
  }

  /** Deletes a name, never what a link of that name leads to. */
  void delete(String name) throws IOException {
    if (descriptor == null) {
      Files.delete(path.resolve(name));
    } else {
      descriptor.deleteFile(Paths.get(name));
    }
  }

  /**
   * Deletes the regular files with a prefix that were last written before a time. Those that
   * another user made are left alone where the folder is sticky, but by root. Reads a limited
   * number of names, because anyone may fill the folder.
   */
  void deleteOlder(String prefix, long beforeMillis) {
    int left = MAX_NAMES;
    try {
      for (Path each : stream) {
        if (left-- == 0) {
          return;
        }
        String name = each.getFileName().toString();
        if (name.startsWith(prefix)) {
          deleteIfOlder(name, beforeMillis);
        }
      }
    } catch (DirectoryIteratorException e) {
      // A folder that cannot be read is no reason not to write into it.
    }
  }

  private void deleteIfOlder(String name, long beforeMillis) {
    try {
      BasicFileAttributes is = attributes(name);
      if (is.isRegularFile() && is.lastModifiedTime().toMillis() < beforeMillis) {
        delete(name);
      }
    } catch (IOException e) {
      // It is gone, or another user's.
    }
  }

  private BasicFileAttributes attributes(String name) throws IOException {
    return descriptor == null
        ? Files.readAttributes(
            path.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        : descriptor
            .getFileAttributeView(
                Paths.get(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .readAttributes();
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
