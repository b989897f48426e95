package io.hbagent.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What Linux tells of a process in {@code /proc/PID} (proc(5)), without touching it. Everything may
 * be unknown: it ends, it belongs to somebody else, or this is not Linux.
 */
final class ProcessInfo {

  private static final int SIGQUIT_BIT = 1 << 2;

  private final String pid;
  private final File folder;

  ProcessInfo(String pid) {
    this.pid = pid;
    this.folder = new File("/proc", pid);
  }

  /** Whether this system has it at all. */
  static boolean isThere() {
    return new File("/proc/self/status").isFile();
  }

  String pid() {
    return pid;
  }

  boolean isAlive() {
    return folder.isDirectory();
  }

  /** Its arguments, the program first; empty when unknown. */
  List<String> command() {
    String text = read("cmdline");
    return text.isEmpty() ? Collections.<String>emptyList() : Arrays.asList(text.split("\0", 0));
  }

  /** The options of the JVM, wherever they come from, as far as they can be seen. */
  String options() {
    StringBuilder all = new StringBuilder(read("cmdline").replace('\0', ' '));
    for (String variable : read("environ").split("\0", 0)) {
      if (variable.matches("(?s)(JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS)=.*")) {
        all.append(' ').append(variable.substring(variable.indexOf('=') + 1));
      }
    }
    return all.append(' ').toString();
  }

  /** Whether it is a JVM: true, false, or null when that cannot be seen. */
  Boolean isJvm() {
    String maps = read("maps");
    return maps.isEmpty() ? null : (Boolean) (maps.contains("libjvm.so") || maps.contains("libj9"));
  }

  /** The name of its user; empty when unknown. */
  String user() {
    try {
      return Files.getOwner(folder.toPath()).getName();
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }

  /** A field of its status, such as Uid; empty when unknown. */
  String status(String field) {
    for (String line : read("status").split("\n", 0)) {
      if (line.startsWith(field + ":")) {
        return line.substring(field.length() + 1).trim();
      }
    }
    return "";
  }

  /** The user it acts as; empty when unknown. */
  String effectiveUid() {
    String[] uids = status("Uid").split("\\s+", 0);
    return uids.length > 1 ? uids[1] : "";
  }

  /** Whether a file, itself and no link's target, belongs to another; false when unknown. */
  boolean isOfAnother(Path file) throws IOException {
    String uid = effectiveUid();
    return !uid.isEmpty()
        && !Integer.valueOf(uid)
            .equals(Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS));
  }

  /** Whether it would die of the signal that wakes a JVM's attach thread . */
  boolean diesOfSigQuit() {
    String caught = status("SigCgt");
    return !caught.isEmpty()
        && (Long.parseUnsignedLong(caught, 16) & SIGQUIT_BIT) == 0
        && (Long.parseUnsignedLong("0" + status("SigIgn"), 16) & SIGQUIT_BIT) == 0;
  }

  /** Whether it was stopped, by a signal or a debugger. */
  boolean isStopped() {
    String state = status("State");
    return state.startsWith("T") || state.startsWith("t");
  }

  /** Whether it sees another file system than we do. */
  boolean isInContainer() {
    try {
      return !rootKey().equals(new ProcessInfo("self").rootKey());
    } catch (IOException e) {
      return false;
    }
  }

  /** Device and inode of its root: differs in a container, and in a chroot. */
  private Object rootKey() throws IOException {
    return Files.readAttributes(inItsRoot("/").toPath(), BasicFileAttributes.class).fileKey();
  }

  /** A file of its file system, as we reach it. */
  File inItsRoot(String path) {
    return new File(folder, "root" + path);
  }

  /** Where its JDK is, as it sees it; null when unknown. */
  String javaHome() {
    try {
      Path home = Paths.get(link("exe")).getParent().getParent();
      return home.endsWith("jre") ? home.getParent().toString() : home.toString();
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /** The version of its JDK, from the file {@code release}; empty when unknown. */
  String javaVersion() {
    String home = javaHome();
    if (home == null) {
      return "";
    }
    try {
      byte[] bytes = Files.readAllBytes(inItsRoot(home + "/release").toPath());
      for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", 0)) {
        if (line.startsWith("JAVA_VERSION=")) {
          return line.substring("JAVA_VERSION=".length()).replace("\"", "").trim();
        }
      }
    } catch (IOException e) {
      // said below
    }
    // JDK 8 as Debian packs it has no such file; nothing newer has an rt.jar.
    boolean eight =
        inItsRoot(home + "/jre/lib/rt.jar").isFile() || inItsRoot(home + "/lib/rt.jar").isFile();
    return eight ? "8" : "";
  }

  /** Whether a file of this name is open or mapped: a sign that it was loaded once. */
  boolean hasOpen(String name) {
    String[] numbers = new File(folder, "fd").list();
    for (String number : numbers == null ? new String[0] : numbers) {
      try {
        if (link("fd/" + number).endsWith("/" + name)) {
          return true;
        }
      } catch (IOException e) {
        // closed meanwhile
      }
    }
    return read("maps").contains("/" + name);
  }

  /** Whether it has a thread of this name, which for the kernel ends after 15 bytes. */
  boolean hasThread(String name) {
    String[] tasks = new File(folder, "task").list();
    for (String task : tasks == null ? new String[0] : tasks) {
      if (read("task/" + task + "/comm").trim().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether in its network a Unix domain socket is bound to a path that ends so, in whatever file
   * system: true, false, or null when that cannot be seen.
   */
  Boolean hasUnixSocket(String end) {
    String table = read("net/unix");
    return table.isEmpty() ? null : (Boolean) (table + "\n").contains(end + "\n");
  }

  private String link(String name) throws IOException {
    return Files.readSymbolicLink(new File(folder, name).toPath()).toString();
  }

  private String read(String name) {
    try {
      return new String(
          Files.readAllBytes(new File(folder, name).toPath()), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
