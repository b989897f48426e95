package io.hbagent.cli;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Facts about a process from {@code /proc/PID} (proc(5)), read without touching it. Any of them may
 * be unknown: the process has ended, it belongs to another user, or this system is not Linux.
 */
final class ProcessInfo {

  private static final int SIGQUIT_BIT = 1 << 2;

  /** CAP_SYS_ADMIN and CAP_SYS_RESOURCE, which lift RLIMIT_NPROC ({@code kernel/fork.c}). */
  private static final long CAPABILITIES_WITHOUT_LIMIT = 1L << 21 | 1L << 24;

  /** Bytes of a {@code release} file that are read; those of JDKs have up to 2,000. */
  private static final int MAX_RELEASE = 1 << 16;

  private final String pid;
  private final File folder;

  ProcessInfo(String pid) {
    this.pid = pid;
    this.folder = new File("/proc", pid);
  }

  /** Returns whether this system has {@code /proc}. */
  static boolean isThere() {
    return new File("/proc/self/status").isFile();
  }

  /** Returns the numbers of all processes. */
  static List<String> pids() {
    List<String> pids = new ArrayList<>();
    String[] names = new File("/proc").list();
    for (String name : names == null ? new String[0] : names) {
      if (name.matches("\\d{1,10}")) {
        pids.add(name);
      }
    }
    return pids;
  }

  String pid() {
    return pid;
  }

  boolean isAlive() {
    return folder.isDirectory() && !isZombie();
  }

  /** Returns its arguments, the program first; empty when unknown. */
  List<String> command() {
    String text = read("cmdline");
    return text.isEmpty() ? Collections.<String>emptyList() : Arrays.asList(text.split("\0", 0));
  }

  /** Returns the options of the JVM from its command line and environment. */
  String options() {
    StringBuilder all = new StringBuilder(read("cmdline").replace('\0', ' '));
    for (String variable : read("environ").split("\0", 0)) {
      if (variable.matches("(?s)(JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS)=.*")) {
        all.append(' ').append(variable.substring(variable.indexOf('=') + 1));
      }
    }
    return all.append(' ').toString();
  }

  /** Returns whether it is a JVM: true, false, or null when that cannot be seen. */
  Boolean isJvm() {
    String maps = read("maps");
    return maps.isEmpty() ? null : (Boolean) (maps.contains("libjvm.so") || maps.contains("libj9"));
  }

  /** Returns the name of its user; empty when unknown. */
  String user() {
    try {
      return Files.getOwner(folder.toPath()).getName();
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }

  /** Returns a field of its status, such as Uid; empty when unknown. */
  String status(String field) {
    for (String line : read("status").split("\n", 0)) {
      if (line.startsWith(field + ":")) {
        return line.substring(field.length() + 1).trim();
      }
    }
    return "";
  }

  /** Returns its effective user ID; empty when unknown. */
  String effectiveUid() {
    String[] uids = status("Uid").split("\\s+", 0);
    return uids.length > 1 ? uids[1] : "";
  }

  /**
   * Returns whether a file, itself and no link's target, belongs to another; false when unknown.
   */
  boolean isOfAnother(Path file) throws IOException {
    String uid = effectiveUid();
    return !uid.isEmpty()
        && !Integer.valueOf(uid)
            .equals(Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS));
  }

  /** Returns whether it would die of the signal that wakes a JVM's attach thread. */
  boolean diesOfSigQuit() {
    String caught = status("SigCgt");
    return !caught.isEmpty()
        && (Long.parseUnsignedLong(caught, 16) & SIGQUIT_BIT) == 0
        && (Long.parseUnsignedLong("0" + status("SigIgn"), 16) & SIGQUIT_BIT) == 0;
  }

  /** Returns whether it was stopped, by a signal or a debugger. */
  boolean isStopped() {
    return status("State").toUpperCase(Locale.ROOT).startsWith("T");
  }

  /** Returns whether it has ended and its parent has not read its exit status yet. */
  boolean isZombie() {
    return status("State").startsWith("Z");
  }

  /**
   * Returns the limit that lets it start no more threads, in words; null when none is reached or
   * known.
   */
  String reachedThreadLimit() {
    String limit = reachedUserLimit();
    return limit == null ? reachedGroupLimit() : limit;
  }

  /** RLIMIT_NPROC: counts the threads of a user, not only those of the process (setrlimit(2)). */
  private String reachedUserLimit() {
    String uid = status("Uid").split("\\s+", 2)[0];
    long capabilities = Long.parseUnsignedLong("0" + status("CapEff"), 16);
    boolean firstNamespace = read("uid_map").trim().matches("0\\s+0\\s+4294967295");
    if (firstNamespace && (uid.equals("0") || (capabilities & CAPABILITIES_WITHOUT_LIMIT) != 0)) {
      return null;
    }
    long limit = Long.MAX_VALUE;
    for (String line : read("limits").split("\n", 0)) {
      if (line.matches("Max processes +\\d{1,18} .*")) {
        limit = Long.parseLong(line.split(" +", 4)[2]);
      }
    }
    long threads = 0;
    for (String each : limit == Long.MAX_VALUE ? Collections.<String>emptyList() : pids()) {
      ProcessInfo process = new ProcessInfo(each);
      if (process.status("Uid").split("\\s+", 2)[0].equals(uid)) {
        threads += Long.parseLong("0" + process.status("Threads"));
      }
    }
    return threads < limit
        ? null
        : "ulimit -u is " + limit + ", and its user has " + threads + " threads";
  }

  /** The pids controller of its control group and of those around it (cgroups(7)), as we see it. */
  private String reachedGroupLimit() {
    for (String line : read("cgroup").split("\n", 0)) {
      String[] group = line.split(":", 3);
      boolean second = group[0].equals("0");
      if (group.length < 3 || !(second || Arrays.asList(group[1].split(",", 0)).contains("pids"))) {
        continue;
      }
      String root = second ? "/sys/fs/cgroup" : "/sys/fs/cgroup/pids";
      String path = group[2].equals("/") ? "" : group[2];
      while (true) {
        String max = readFile(new File(root + path, "pids.max")).trim();
        String now = readFile(new File(root + path, "pids.current")).trim();
        if (max.matches("\\d{1,18}")
            && now.matches("\\d{1,18}")
            && Long.parseLong(now) >= Long.parseLong(max)) {
          return root + path + "/pids.max is " + max;
        }
        if (path.isEmpty()) {
          break;
        }
        path = path.substring(0, path.lastIndexOf('/'));
      }
    }
    return null;
  }

  /** Returns whether its root is another than ours. */
  boolean isInContainer() {
    try {
      return !rootKey().equals(new ProcessInfo("self").rootKey());
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns device and inode of its root, which differ in a container and in a chroot. */
  private Object rootKey() throws IOException {
    return Files.readAttributes(inItsRoot("/").toPath(), BasicFileAttributes.class).fileKey();
  }

  /** Returns the path by which we reach a file of its file system. */
  File inItsRoot(String path) {
    return new File(folder, "root" + path);
  }

  /** Returns the folder of its JDK, as it sees it; null when unknown. */
  String javaHome() {
    try {
      Path home = Paths.get(link("exe")).getParent().getParent();
      return home.endsWith("jre") ? home.getParent().toString() : home.toString();
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /** Returns the version of its JDK, from the file {@code release}; empty when unknown. */
  String javaVersion() {
    String home = javaHome();
    if (home == null) {
      return "";
    }
    for (String line : release(inItsRoot(home + "/release").toPath()).split("\n", 0)) {
      if (line.startsWith("JAVA_VERSION=")) {
        return line.substring("JAVA_VERSION=".length()).replace("\"", "").trim();
      }
    }
    // JDK 8 as Debian packs it has no such file; nothing newer has an rt.jar.
    boolean eight =
        inItsRoot(home + "/jre/lib/rt.jar").isFile() || inItsRoot(home + "/lib/rt.jar").isFile();
    return eight ? "8" : "";
  }

  /**
   * Returns the beginning of a file that the target's user may have made, read perhaps by root: no
   * link is followed, and nothing but a regular file is opened, for a FIFO would block.
   */
  static String release(Path file) {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return "";
      }
      Set<OpenOption> options = new HashSet<>();
      options.add(StandardOpenOption.READ);
      options.add(LinkOption.NOFOLLOW_LINKS);
      try (SeekableByteChannel channel = Files.newByteChannel(file, options)) {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_RELEASE);
        while (channel.read(bytes) > 0) {
          // A read may return less than is there.
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      return "";
    }
  }

  /** Returns whether a file of this name is open or mapped: a sign that it was loaded once. */
  boolean hasOpen(String name) {
    return openFile(".*/" + Pattern.quote(name)) != null || read("maps").contains("/" + name);
  }

  /**
   * Returns the path of the open file with the lowest descriptor that a pattern matches, or null.
   */
  String openFile(String pattern) {
    String[] names = new File(folder, "fd").list();
    String[] numbers = names == null ? new String[0] : names;
    Arrays.sort(numbers, Comparator.comparingInt(Integer::parseInt));
    for (String number : numbers) {
      try {
        String path = link("fd/" + number);
        if (path.matches(pattern)) {
          return path;
        }
      } catch (IOException e) {
        // closed since the folder was read
      }
    }
    return null;
  }

  /** Returns whether it has a thread of this name, which for the kernel ends after 15 bytes. */
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
   * Returns whether in its network a Unix domain socket is bound to a path that ends so, in
   * whatever file system: true, false, or null when that cannot be seen.
   */
  Boolean hasUnixSocket(String end) {
    String table = read("net/unix");
    return table.isEmpty() ? null : (Boolean) (table + "\n").contains(end + "\n");
  }

  private String link(String name) throws IOException {
    return Files.readSymbolicLink(new File(folder, name).toPath()).toString();
  }

  private String read(String name) {
    return readFile(new File(folder, name));
  }

  private static String readFile(File file) {
    try {
      return new String(Files.readAllBytes(file.toPath()), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
