package io.hbagent.hook;

import java.lang.instrument.Instrumentation;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * The hooks in Netty's native transports: classes that come late, in any class loader, under any
 * prefix, several times or never. There is no list of the libraries that carry a copy: what counts
 * is how a class's name ends.
 *
 * <p>{@link #weave} runs on whichever thread loads a class, for every class of the application: one
 * that is not meant costs three comparisons of a name's end, which nearly always end at the first
 * character.
 */
final class TransportHooks {

  /** How the names of the classes of {@link HookTable#transports} end. */
  private static final String[] ENDS = {
    HookTable.UNIX_SOCKET, HookTable.UNIX_DESCRIPTOR, HookTable.LINUX_SOCKET
  };

  /** The LinuxSocket of each transport has the methods; any other class of that name is left. */
  private static final String[] TRANSPORTS = {"channel/epoll", "channel/uring"};

  /** A server may load the same copy in hundreds of class loaders; a report has an end. */
  private static final int MOST_CLASSES = 64;

  private final List<HookPoint[]> classes = new ArrayList<>();
  private final List<Original> originals = new ArrayList<>();

  /** What a class was before it was woven for good. */
  private static final class Original {
    final WeakReference<ClassLoader> loader;
    final String className;
    final byte[] classFile;

    Original(ClassLoader loader, String className, byte[] classFile) {
      this.loader = new WeakReference<>(loader);
      this.className = className;
      this.classFile = classFile;
    }
  }

  TransportHooks() {}

  /** Whether a class, given by its internal name, is one of a native transport. Pure. */
  static boolean knows(String className) {
    for (String end : ENDS) {
      if (className.endsWith(end)) {
        int rest = className.length() - end.length();
        return end.charAt(0) == '/'
            ? isTransport(className, rest)
            : rest == 0 || className.charAt(rest - 1) == '/';
      }
    }
    return false;
  }

  private static boolean isTransport(String className, int end) {
    for (String name : TRANSPORTS) {
      if (className.startsWith(name, end - name.length())) {
        return true;
      }
    }
    return false;
  }

  /** Returns the woven bytes, or null when no method matches. */
  byte[] weave(String className, byte[] classFile) {
    HookPoint[] rows = rows(className);
    try {
      byte[] woven = Weaver.weave(rows, className, classFile);
      remember(rows);
      return woven;
    } catch (RuntimeException | Error e) {
      for (HookPoint row : rows) {
        row.state(HookPoint.State.FAILED);
      }
      remember(rows);
      throw e;
    }
  }

  private static HookPoint[] rows(String className) {
    List<HookPoint> rows = new ArrayList<>();
    for (HookPoint pattern : HookTable.transports()) {
      if (className.endsWith(pattern.owner)) {
        rows.add(pattern.in(className));
      }
    }
    return rows.toArray(new HookPoint[0]);
  }

  /** A class of the same name in another loader takes the place of the first. */
  private synchronized void remember(HookPoint[] rows) {
    for (int i = 0; i < classes.size(); i++) {
      if (classes.get(i)[0].owner.equals(rows[0].owner)) {
        classes.set(i, rows);
        return;
      }
    }
    if (classes.size() < MOST_CLASSES) {
      classes.add(rows);
    }
  }

  /** Whether one was seen. */
  synchronized boolean areThere() {
    return !classes.isEmpty();
  }

  /**
   * Keeps the class file of one that was woven for good, to give it back. Of more than the report
   * names, which has an end, the calls stay when the agent is detached, and come to nothing.
   */
  synchronized void keep(ClassLoader loader, String className, byte[] classFile) {
    for (int i = originals.size() - 1; i >= 0; i--) {
      ClassLoader other = originals.get(i).loader.get();
      if (other == null || (other == loader && originals.get(i).className.equals(className))) {
        originals.remove(i);
      }
    }
    if (originals.size() < MOST_CLASSES) {
      originals.add(new Original(loader, className, classFile));
    }
  }

  /** What {@link #keep} has kept of a class, or null. */
  synchronized byte[] original(Class<?> type) {
    String className = type.getName().replace('.', '/');
    for (Original original : originals) {
      if (original.loader.get() == type.getClassLoader() && original.className.equals(className)) {
        return original.classFile;
      }
    }
    return null;
  }

  /** The rows of the classes that were woven so far. */
  synchronized List<HookPoint> rows() {
    List<HookPoint> all = new ArrayList<>();
    for (HookPoint[] rows : classes) {
      for (HookPoint row : rows) {
        if (row.state() != HookPoint.State.ABSENT) {
          all.add(row);
        }
      }
    }
    return all;
  }

  /**
   * Returns the classes of native transports that this JVM has loaded. Takes some milliseconds:
   * runs on the agent's thread, and once on a thread of the application, which loads its first
   * native library. A class that is unloaded while HotSpot fills the array leaves a null in it.
   */
  static List<Class<?>> loaded(Instrumentation instrumentation) {
    List<Class<?>> found = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      String name = type == null ? "" : type.getName();
      if ((name.endsWith("Socket") || name.endsWith("FileDescriptor")) // of thousands, a few
          && type.getClassLoader() != null
          && knows(name.replace('.', '/'))
          && instrumentation.isModifiableClass(type)) {
        found.add(type);
      }
    }
    return found;
  }
}
