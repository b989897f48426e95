package io.hbagent.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The socket at which a JVM accepts attaches: {@code /tmp/.java_pidN} of its file system, N being
 * its process ID as it sees it itself (HotSpot's attachListener_posix.cpp). It is bound as {@code
 * .java_pidN.tmp} and renamed when it is ready, and stays bound by its first name.
 *
 * <p>A JVM that is killed leaves the file. The next one with its ID, which comes soon where IDs end
 * at 32768, deletes it when it starts, unless it belongs to another user: in a sticky {@code /tmp}
 * only that user and root can. From then on no one can attach, since the attach API takes the file
 * for an open socket.
 */
final class AttachSocket {

  private final ProcessInfo target;
  private final String name;

  AttachSocket(ProcessInfo target) {
    this.target = target;
    String[] ids = target.status("NSpid").split("\\s+", -1);
    String inside = ids[ids.length - 1];
    this.name = ".java_pid" + (inside.isEmpty() ? target.pid() : inside);
  }

  private File file() {
    return target.inItsRoot(toString());
  }

  /** Its path, as the JVM sees it. */
  @Override
  public String toString() {
    return TargetFolder.LINUX + "/" + name;
  }

  /** Returns whether the JVM listens there, as far as can be seen. */
  boolean isOpen() {
    return file().exists() && !isLeft();
  }

  /** Looks in our network as well: in one of its own the target could hide another JVM's socket. */
  private boolean isLeft() {
    String bound = "/" + name + ".tmp";
    return isForeign()
        && Boolean.FALSE.equals(target.hasUnixSocket(bound))
        && Boolean.FALSE.equals(new ProcessInfo("self").hasUnixSocket(bound));
  }

  /** Returns whether it belongs to another user than the JVM, so that this one has not made it. */
  boolean isForeign() {
    Path file = file().toPath();
    try {
      return isSocket(file) && target.isOfAnother(file);
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isSocket(Path file) throws IOException {
    // A link would be followed in our file system, not in its.
    return !Files.isSymbolicLink(file.getParent())
        && Boolean.TRUE.equals(Files.getAttribute(file, "isOther", LinkOption.NOFOLLOW_LINKS));
  }

  /**
   * Deletes one that an earlier JVM has left, as this one would have, after an attach was refused.
   *
   * @return whether there was one
   * @throws CommandException if it is not ours to delete
   */
  boolean removeLeft() throws CommandException {
    if (!isLeft()) {
      return false;
    }
    String left = this + ", which an earlier JVM with the same process ID has left";
    try (TargetFolder folder = TargetFolder.of(target)) {
      folder.delete(name);
      System.err.println("hb-agent: deleted " + left);
    } catch (NoSuchFileException e) {
      // Another one was quicker.
    } catch (IOException e) {
      throw CommandException.failed(
          "no one can attach to JVM "
              + target.pid()
              + " because of "
              + left
              + " and which belongs to "
              + owner()
              + "; delete it as that user or as root, and try again",
          e);
    }
    return true;
  }

  private String owner() {
    try {
      return Files.getOwner(file().toPath(), LinkOption.NOFOLLOW_LINKS).getName();
    } catch (IOException e) {
      return "another user";
    }
  }
}
