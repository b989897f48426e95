package io.hbagent.cli;

import io.hbagent.control.ReceivedRequest;
import io.hbagent.control.Report;
import io.hbagent.control.Request;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * The command line's side of a request: a file in the {@link Folder}, which the target reads and
 * writes its answer to, see {@link ReceivedRequest}.
 *
 * <p>The command line may run as root, and the target's user can replace the file at any time. So
 * it is created where nothing was (O_EXCL, O_NOFOLLOW) and from then on reached through that one
 * descriptor: written, given to the target's user, emptied, read. Its name is used once more, to
 * delete it, which follows no link. A channel without a name was no choice: an agent that is loaded
 * gets a string and returns none, and a descriptor of root's cannot be opened by another user, nor
 * through {@code /proc} of another process ID namespace. The answer is data of the target's user
 * and no more: its size is bounded, and what is no {@link Report} is none.
 */
final class RequestFile implements Closeable {

  private static final String PREFIX = ".hb-agent-";

  /** Age in ms from which the file of a command that was killed is deleted. */
  private static final long STALE_MILLIS = 3_600_000;

  /** Maximum size of an answer, in bytes: a status of some 250,000 connections. */
  private static final long LIMIT = 64 << 20;

  private final Folder folder;
  private final String name;
  private final FileChannel channel;
  private byte[] request;

  private RequestFile(Folder folder) throws IOException {
    this.folder = folder;
    this.name = PREFIX + UUID.randomUUID();
    this.channel = folder.create(name);
  }

  /**
   * Creates the file of a request; one to watch names the file itself as its options.
   *
   * @param millis the time in which it must be answered
   */
  static RequestFile send(ProcessInfo target, Request.Verb verb, String options, long millis)
      throws IOException, CommandException {
    Folder folder = Folder.of(target);
    Closeable opened = folder;
    try {
      deleteStale(folder, System.currentTimeMillis());
      RequestFile file = new RequestFile(folder);
      opened = file;
      String text = verb == Request.Verb.WATCH ? folder.pathOf(file.name) : options;
      file.write(new Request(verb, text, millis));
      file.handOver(target.effectiveUid());
      return file;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /**
   * Deletes the files of command lines that were killed while they waited.
   *
   * <p>Harmless to those that wait: a request is answered or withdrawn within {@code --timeout},
   * and the file of a watch is written to every two seconds. After more than an hour, a request
   * without its file is a withdrawn one.
   */
  static void deleteStale(Folder folder, long now) {
    folder.deleteOlder(PREFIX, now - STALE_MILLIS);
  }

  private void write(Request made) throws IOException {
    request = made.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.wrap(request);
    while (bytes.hasRemaining()) {
      channel.write(bytes, bytes.position());
    }
  }

  /**
   * Gives the file to the target's user where that is another than ours. Java cannot change the
   * owner of an open file, but {@code /proc/self/fd/N} leads to what descriptor N has open,
   * whatever became of its name (proc(5)); N is the one that reads as the request.
   */
  private void handOver(String uid) throws IOException {
    if (uid.isEmpty() || uid.equals(ProcessInfo.SELF.effectiveUid())) {
      return;
    }
    File[] descriptors = new File("/proc/self/fd").listFiles();
    for (File each : descriptors == null ? new File[0] : descriptors) {
      Path descriptor = each.toPath();
      if (leadsTo(descriptor) && Arrays.equals(request, Files.readAllBytes(descriptor))) {
        Files.setAttribute(descriptor, "unix:uid", Integer.valueOf(uid));
        return;
      }
    }
    throw new IOException(name + " was renamed by someone");
  }

  private boolean leadsTo(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).endsWith(name);
    } catch (IOException e) {
      return false; // closed since the folder was read
    }
  }

  /** Returns the arguments that lead an agent to it. */
  String arguments() {
    return ReceivedRequest.MARK + folder.pathOf(name);
  }

  /** Returns the answer, or null while there is none. */
  Report answer() throws IOException {
    return Report.parse(new String(read(LIMIT), StandardCharsets.UTF_8));
  }

  private byte[] read(long limit) throws IOException {
    long size = channel.size();
    if (size > limit) {
      throw new IOException("the answer is larger than " + limit + " bytes");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) size);
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
      // A read may return less than is there.
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** Empties the file: the answer was read, and the next one is wanted. */
  void next() throws IOException {
    channel.truncate(0);
  }

  /** Withdraws the request; returns false if the target has begun with it. */
  boolean withdraw() {
    try {
      folder.delete(name);
      return channel.size() == request.length && Arrays.equals(request, read(request.length));
    } catch (IOException e) {
      return false;
    }
  }

  /** Deletes the file. */
  @Override
  public void close() throws IOException {
    try {
      folder.delete(name);
    } catch (IOException e) {
      // It was withdrawn, or is left to the next command line.
    }
    channel.close();
    folder.close();
  }

  /**
   * The folder in which a JVM keeps its attach socket, open: on Linux {@code /tmp} of its file
   * system, whatever {@code java.io.tmpdir} says. One thread.
   *
   * <p>The target's user may own this folder, and its whole file system, and may replace a name by
   * a link at any moment; the command line may run as root. So the folder is opened once, link by
   * link from the target's root, and everything in it is reached through that descriptor
   * (openat(2)) by a name that is never followed. And root creates and deletes only where the
   * target's user could do so too: with a mount namespace of its own, a user can make any folder of
   * the host its {@code /tmp}.
   */
  static final class Folder implements Closeable {

    /** As the JVM sees it, on Linux. */
    static final String LINUX = "/tmp";

    /** Names of the folder that are looked at for old files, because anyone may fill it. */
    static final int MAX_NAMES = 10_000;

    private final DirectoryStream<Path> stream;
    private final Path path;

    /** Null where the system has no openat(2): then names are resolved anew each time. */
    private final SecureDirectoryStream<Path> descriptor;

    Folder(DirectoryStream<Path> stream, Path path) {
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
    static Folder of(ProcessInfo target) throws IOException, CommandException {
      if (!ProcessInfo.AVAILABLE) {
        return at(Paths.get(System.getProperty("java.io.tmpdir")));
      }
      Folder folder = openLinux(target);
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
    static Folder at(Path path) throws IOException {
      return new Folder(Files.newDirectoryStream(path), path);
    }

    private static Folder openLinux(ProcessInfo target) throws IOException, CommandException {
      Path tmp = Paths.get(LINUX);
      try (DirectoryStream<Path> root = Files.newDirectoryStream(target.inItsRoot("/").toPath())) {
        return new Folder(
            ((SecureDirectoryStream<Path>) root)
                .newDirectoryStream(tmp.getFileName(), LinkOption.NOFOLLOW_LINKS),
            tmp);
      } catch (IOException e) {
        if (target.isInContainer()) {
          throw CommandException.failed(
              e,
              "cannot open the folder %s of JVM %s (%s); it must be a folder and no link: run the"
                  + " command inside the container",
              tmp,
              target.pid,
              e);
        }
        return at(tmp); // a link of this system's own, or a root that cannot be seen
      }
    }

    private void check(ProcessInfo target) throws IOException, CommandException {
      String uid = target.effectiveUid();
      if (uid.isEmpty() || uid.equals(ProcessInfo.SELF.effectiveUid())) {
        return; // the kernel checks
      }
      PosixFileAttributes is =
          descriptor.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
      Object user =
          FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(uid);
      if (!is.owner().equals(user)
          && !is.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
        throw CommandException.failed(
            "the folder %s of JVM %s is none that its own user may write to, so root does not either;"
                + " run the command as that user, or chmod 1777 the folder",
            LINUX, target.pid);
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
      Set<OpenOption> options =
          new HashSet<>(
              Arrays.asList(
                  StandardOpenOption.CREATE_NEW,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  LinkOption.NOFOLLOW_LINKS));
      return descriptor == null
          ? FileChannel.open(path.resolve(name), options)
          : (FileChannel)
              descriptor.newByteChannel(
                  Paths.get(name),
                  options,
                  PosixFilePermissions.asFileAttribute(
                      PosixFilePermissions.fromString("rw-------")));
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
     * Deletes the regular files with a prefix that were last written before a time, in milliseconds
     * since 1970. Those of another user stay where the folder is sticky, unless root deletes.
     */
    void deleteOlder(String prefix, long before) {
      int left = MAX_NAMES;
      try {
        for (Path each : stream) {
          if (left-- == 0) {
            return;
          }
          String name = each.getFileName().toString();
          if (name.startsWith(prefix)) {
            deleteIfOlder(name, before);
          }
        }
      } catch (DirectoryIteratorException e) {
        // A folder that cannot be read is no reason not to write into it.
      }
    }

    private void deleteIfOlder(String name, long before) {
      Class<BasicFileAttributeView> view = BasicFileAttributeView.class;
      LinkOption itself = LinkOption.NOFOLLOW_LINKS;
      try {
        BasicFileAttributes is =
            (descriptor == null
                    ? Files.getFileAttributeView(path.resolve(name), view, itself)
                    : descriptor.getFileAttributeView(Paths.get(name), view, itself))
                .readAttributes();
        if (is.isRegularFile() && is.lastModifiedTime().toMillis() < before) {
          delete(name);
        }
      } catch (IOException e) {
        // It is gone, or another user's.
      }
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
