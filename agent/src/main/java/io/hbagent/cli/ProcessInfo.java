package io.hbagent.cli;

import io.hbagent.control.ClassArchive;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process, usually a JVM, as {@code /proc/PID} (proc(5)) shows it without touching it. Any fact
 * may be unknown: the process has ended, it belongs to another user, or this system is not Linux.
 */
final class ProcessInfo {

  /** Set if this system has {@code /proc}. */
  static final boolean AVAILABLE = new File("/proc/self/status").isFile();

  static final ProcessInfo SELF = new ProcessInfo("self");

  private static final int SIGQUIT_BIT = 1 << 2;

  /** CAP_SYS_ADMIN and CAP_SYS_RESOURCE, which lift RLIMIT_NPROC ({@code kernel/fork.c}). */
  private static final long CAPABILITIES_WITHOUT_LIMIT = 1L << 21 | 1L << 24;

  /** Bytes that are read of a {@code release} file; those of JDKs have up to 2,000. */
  private static final int MAX_RELEASE = 1 << 16;

  final String pid;
  private final String displayName;
  private final File folder;

  ProcessInfo(String pid) {
    this(pid, "");
  }

  /**
   * Creates one of a JVM.
   *
   * @param displayName main class or jar, and arguments, from the attach API; empty when unknown
   */
  ProcessInfo(String pid, String displayName) {
    this.pid = pid;
    this.displayName = displayName.trim();
    this.folder = new File("/proc", pid);
  }

  /** Returns the numbers of all processes. */
  static List<String> pids() {
    List<String> pids = new ArrayList<>(names(new File("/proc")));
    pids.removeIf(name -> !name.matches("\\d{1,10}"));
    return pids;
  }

  /** Returns whether it runs, as far as is known. */
  boolean isAlive() {
    return !AVAILABLE || (folder.isDirectory() && !isZombie());
  }

  /** Returns its main class or jar; empty when unknown. */
  String main() {
    return displayName.isEmpty() ? main(command()) : displayName.split(" ", 2)[0];
  }

  /** Returns main class or jar of a command line: the first argument that belongs to no option. */
  static String main(List<String> command) {
    for (int i = 1; i < command.size(); i++) {
      String word = command.get(i);
      if (takesValue(word)) {
        i++;
      } else if (!word.startsWith("-") && !word.startsWith("@")) {
        return word;
      }
    }
    return "";
  }

  private static boolean takesValue(String option) {
    return option.matches(
        "-cp|-classpath|--class-path|-p|--module-path|--upgrade-module-path|--add-modules"
            + "|--add-reads|--add-exports|--add-opens|--limit-modules|--patch-module");
  }

  /** Returns its arguments, the program first; empty when unknown. */
  List<String> command() {
    String text = read("cmdline");
    return text.isEmpty() ? Collections.<String>emptyList() : Arrays.asList(text.split("\0", 0));
  }

  /** Returns the options of the JVM from its command line and environment, a blank after each. */
  String options() {
    StringBuilder all = new StringBuilder(read("cmdline").replace('\0', ' '));
    for (String variable : read("environ").split("\0", 0)) {
      if (variable.matches("(?s)(JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS)=.*")) {
        all.append(' ').append(variable.substring(variable.indexOf('=') + 1));
      }
    }
    return all.append(' ').toString();
  }

  /**
   * Returns its archive by the options in its environment and on its command line; null where they
   * may be elsewhere: in an argument file, or in a launcher other than {@code java}.
   */
  ClassArchive archive() {
    List<String> command = command();
    if (command.isEmpty() || !new File(command.get(0)).getName().equals("java")) {
      return null;
    }
    List<String> options = new ArrayList<>();
    options.addAll(variable("JAVA_TOOL_OPTIONS"));
    options.addAll(variable("JDK_JAVA_OPTIONS"));
    String before = "";
    for (String word : command.subList(1, command.size())) {
      if (takesValue(before)) {
        options.add(before + "=" + word);
        before = "";
      } else if (word.startsWith("-XX:VMOptionsFile=") || word.startsWith("-XX:Flags=")) {
        return null;
      } else if (word.startsWith("-") && !word.equals("-jar")) {
        options.add(word);
        before = word;
      } else if (word.startsWith("@")) {
        return null;
      } else {
        break; // main class or -jar
      }
    }
    options.addAll(variable("_JAVA_OPTIONS"));
    return ClassArchive.of(options);
  }

  private List<String> variable(String name) {
    for (String variable : read("environ").split("\0", 0)) {
      if (variable.startsWith(name + "=")) {
        return Arrays.asList(variable.substring(name.length() + 1).trim().split("\\s+", 0));
      }
    }
    return Collections.emptyList();
  }

  /** Returns whether it uses its archive; null when unknown. */
  ClassArchive.State use(ClassArchive archive) {
    if (archive == null || archive.file() == null) {
      return archive == null ? null : ClassArchive.State.NONE;
    }
    try {
      Path path = Paths.get(link("cwd")).resolve(archive.file()).normalize();
      String maps = read("maps");
      ClassArchive.State use = archive.state(maps, path.toString());
      File there = inItsRoot(path.toString());
      return use == ClassArchive.State.LOST && there.exists()
          ? archive.state(maps, there.getCanonicalPath())
          : use;
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /** Returns whether it is a JVM: true, false, or null when unknown. */
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

  /** Returns a field of its status, such as Tgid; empty when unknown. */
  String status(String field) {
    for (String line : read("status").split("\n", 0)) {
      if (line.startsWith(field + ":")) {
        return line.substring(field.length() + 1).trim();
      }
    }
    return "";
  }

  private String realUid() {
    return status("Uid").split("\\s+", 2)[0];
  }

  /** Returns its effective user ID; empty when unknown. */
  String effectiveUid() {
    String[] uids = status("Uid").split("\\s+", 0);
    return uids.length > 1 ? uids[1] : "";
  }

  private long bits(String field) {
    return Long.parseUnsignedLong("0" + status(field), 16);
  }

  /** Returns whether it would die of the signal that wakes a JVM's attach thread. */
  boolean diesOfSigQuit() {
    return !status("SigCgt").isEmpty() && ((bits("SigCgt") | bits("SigIgn")) & SIGQUIT_BIT) == 0;
  }

  /** Returns whether it was stopped, by a signal or a debugger. */
  boolean isStopped() {
    return status("State").toUpperCase(Locale.ROOT).startsWith("T");
  }

  /** Returns whether it has ended and its parent has not read its exit status yet. */
  boolean isZombie() {
    return status("State").startsWith("Z");
  }

  /** Returns whether it has a thread of this name, which for the kernel ends after 15 bytes. */
  boolean hasThread(String name) {
    for (String task : names(new File(folder, "task"))) {
      if (read("task/" + task + "/comm").trim().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the limit that lets it start no more threads, in words; null when none is reached or
   * known.
   */
  String reachedThreadLimit() {
    String limit = reachedUserLimit();
    return limit == null ? reachedGroupLimit() : limit;
  }

  /** Compares RLIMIT_NPROC with the threads of its user, all that there are (setrlimit(2)). */
  private String reachedUserLimit() {
    String uid = realUid();
    boolean firstNamespace = read("uid_map").trim().matches("0\\s+0\\s+4294967295");
    if (firstNamespace && (uid.equals("0") || (bits("CapEff") & CAPABILITIES_WITHOUT_LIMIT) != 0)) {
      return null;
    }
    long limit = number("(?m)^Max processes +(\\d{1,18}) ", read("limits"), Long.MAX_VALUE);
    // Threads of the machine, in one number: to count those of a user, every process is read.
    long all = number("/([1-9]\\d{0,17}) ", read(new File("/proc/loadavg")), Long.MAX_VALUE);
    if (limit == Long.MAX_VALUE || all < limit) {
      return null;
    }
    long threads = 0;
    for (String each : pids()) {
      ProcessInfo process = new ProcessInfo(each);
      if (process.realUid().equals(uid)) {
        threads += Long.parseLong("0" + process.status("Threads"));
      }
    }
    return threads < limit
        ? null
        : "ulimit -u is " + limit + ", and its user has " + threads + " threads";
  }

  /** Compares the pids controllers of its control group and of those around it (cgroups(7)). */
  private String reachedGroupLimit() {
    for (String line : read("cgroup").split("\n", 0)) {
      String[] group = line.split(":", 3);
      boolean second = group[0].equals("0");
      if (group.length < 3 || !(second || Arrays.asList(group[1].split(",", 0)).contains("pids"))) {
        continue;
      }
      File root = new File(second ? "/sys/fs/cgroup" : "/sys/fs/cgroup/pids");
      File each = new File(root, group[2]);
      while (each != null) {
        long max = number("(\\d{1,18})\\s", read(new File(each, "pids.max")), Long.MAX_VALUE);
        if (number("(\\d{1,18})\\s", read(new File(each, "pids.current")), 0) >= max) {
          return each + "/pids.max is " + max;
        }
        each = each.equals(root) ? null : each.getParentFile();
      }
    }
    return null;
  }

  private static long number(String pattern, String text, long otherwise) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : otherwise;
  }

  /** Returns whether its root is another than ours. */
  boolean isInContainer() {
    try {
      return !rootKey().equals(SELF.rootKey());
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

  /**
   * Returns the path of the socket at which it accepts attaches, as it sees it: N is its process ID
   * in its own namespace (HotSpot's attachListener_posix.cpp).
   */
  String attachSocket() {
    String[] ids = status("NSpid").split("\\s+", -1);
    String inside = ids[ids.length - 1];
    return RequestFile.Folder.LINUX + "/.java_pid" + (inside.isEmpty() ? pid : inside);
  }

  /** Returns the user ID of its attach socket's owner; empty when there is none. */
  String attachSocketUid() {
    Path file = inItsRoot(attachSocket()).toPath();
    if (Files.isSymbolicLink(file.getParent())) {
      return ""; // which would be followed in our file system, not in its
    }
    try {
      Map<String, Object> is =
          Files.readAttributes(file, "unix:isOther,uid", LinkOption.NOFOLLOW_LINKS);
      return (Boolean) is.get("isOther") ? is.get("uid").toString() : "";
    } catch (IOException | RuntimeException e) {
      return "";
    }
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
    for (String line : read(inItsRoot(home + "/release"), MAX_RELEASE).split("\n", 0)) {
      if (line.startsWith("JAVA_VERSION=")) {
        return line.substring("JAVA_VERSION=".length()).replace("\"", "").trim();
      }
    }
    // JDK 8 as Debian packs it has no such file; nothing newer has an rt.jar.
    boolean eight =
        inItsRoot(home + "/jre/lib/rt.jar").isFile() || inItsRoot(home + "/lib/rt.jar").isFile();
    return eight ? "8" : "";
  }

  /** Returns whether a file of this name is open or mapped: a sign that it was loaded once. */
  boolean hasOpen(String name) {
    return openFile(".*/" + Pattern.quote(name)) != null || read("maps").contains("/" + name);
  }

  /**
   * Returns the jar of a {@code -javaagent} option that is no longer there; null if there is none,
   * or more than one. One that is given relatively or with a blank in it is not seen.
   */
  String missingAgentJar() {
    String missing = null;
    Matcher option = Pattern.compile(" -javaagent:(/[^ =]+)").matcher(options());
    while (option.find()) {
      if (!inItsRoot(option.group(1)).exists()) {
        if (missing != null) {
          return null;
        }
        missing = option.group(1);
      }
    }
    return missing;
  }

  /**
   * Returns the path of the open file with the lowest descriptor that a pattern matches, or null.
   */
  String openFile(String pattern) {
    List<String> numbers = names(new File(folder, "fd"));
    numbers.sort(Comparator.comparingInt(Integer::parseInt));
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

  private String link(String name) throws IOException {
    return Files.readSymbolicLink(new File(folder, name).toPath()).toString();
  }

  private String read(String name) {
    return read(new File(folder, name));
  }

  /**
   * Returns a file that the kernel makes, whole: {@code maps} has tens of MB where {@code
   * vm.max_map_count} was raised, and what was mapped first, as libjvm.so, stands at its end.
   */
  private static String read(File file) {
    return read(file, Integer.MAX_VALUE);
  }

  /**
   * Returns the beginning of a file, which the target's user may have made, read perhaps by root:
   * no link is followed, and nothing but a regular file is opened, for a FIFO would block.
   *
   * @param limit in bytes; up to a buffer more is returned
   */
  static String read(File file, int limit) {
    Path path = file.toPath();
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return "";
    }
    try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      byte[] bytes = new byte[1 << 13];
      int size = in.read(bytes);
      while (size > 0 && text.size() < limit) {
        text.write(bytes, 0, size);
        size = in.read(bytes);
      }
      return new String(text.toByteArray(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static List<String> names(File folder) {
    String[] names = folder.list();
    return names == null ? Collections.<String>emptyList() : Arrays.asList(names);
  }
}
