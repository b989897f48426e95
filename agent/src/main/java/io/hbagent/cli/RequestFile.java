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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;

/**
 * The command line's side of a request: a file in the {@link TargetFolder}, which the target reads
 * and writes its answer to, see {@link ReceivedRequest}.
 *
 * <p>The command line may be root's, and the file's name at the mercy of the target's user. So the
 * file is created where nothing was (O_EXCL, O_NOFOLLOW) and from then on reached through that one
 * descriptor: written, given to the target's user, emptied, read. Its name is used once more, to
 * delete it, which follows no link. A channel without a name was no choice: an agent that is loaded
 * gets a string and returns none, and a descriptor of root's cannot be opened by another user, nor
 * through {@code /proc} of another process ID namespace. The answer is data of the target's user
 * and no more: its size is bounded, and what is no {@link Report} is none.
 */
final class RequestFile implements Closeable {

  private static final String PREFIX = ".hb-agent-";

  /** Above what anyone waits for an answer. */
  private static final long STALE_MILLIS = 3_600_000;

  /** Maximum size of an answer, in bytes: a status of some 250,000 connections. */
  private static final long LIMIT = 64 << 20;

  private final TargetFolder folder;
  private final String name;
  private final FileChannel channel;
  private byte[] request;

  private RequestFile(TargetFolder folder) throws IOException {
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
    TargetFolder folder = TargetFolder.of(target);
    RequestFile file;
    try {
      sweep(folder, System.currentTimeMillis());
      file = new RequestFile(folder);
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
    try {
      String text = verb == Request.Verb.WATCH ? folder.pathOf(file.name) : options;
      file.write(new Request(verb, text, millis));
      file.handOver(target.effectiveUid());
      return file;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Deletes what command lines have left that were killed while they waited.
   *
   * <p>Harmless, also to those that wait: a request is answered or withdrawn within {@code
   * --timeout}, and one that watches has its file written to every two seconds. Should one wait for
   * more than an hour, then a request without its file is a withdrawn one.
   */
  static void sweep(TargetFolder folder, long now) {
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
    if (uid.isEmpty() || uid.equals(new ProcessInfo("self").effectiveUid())) {
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
}
