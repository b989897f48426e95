package io.hbagent.hook;

import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The hooks in Netty's native transports: classes that come late, in any class loader, under any
 * prefix, several times or never. They are known by the ends of their names, so that no list of the
 * libraries that carry a copy is needed.
 *
 * <p>{@link #knows} is called on the thread that loads a class, for every class of the application
 * while the transformer is registered: another class costs four comparisons of a name's end, which
 * nearly always end at the first character.
 */
final class TransportHooks {

  /** The limit of the report: a server may load the same copy in hundreds of class loaders. */
  private static final int MAX_CLASSES = 64;

  /** By class name: one of the same name in another loader takes the place of the first. */
  private final Map<String, HookPoint[]> classes = new LinkedHashMap<>();

  /**
   * Returns whether a class, by its internal name, is one of a native transport. The LinuxSocket of
   * each transport has the methods; any other class of that name is left.
   */
  static boolean knows(String className) {
    return isNamed(className, HookTable.UNIX_SOCKET)
        || isNamed(className, HookTable.UNIX_DESCRIPTOR)
        || className.endsWith("channel/epoll/LinuxSocket")
        || className.endsWith("channel/uring/LinuxSocket");
  }

  private static boolean isNamed(String className, String end) {
    int prefix = className.length() - end.length();
    return className.endsWith(end) && (prefix == 0 || className.charAt(prefix - 1) == '/');
  }

  /** Returns the woven bytes, or null if no method matches. */
  byte[] weave(String className, byte[] classFile) {
    List<HookPoint> matching = new ArrayList<>();
    for (HookPoint pattern : HookTable.transports()) {
      if (className.endsWith(pattern.owner)) {
        matching.add(pattern.in(className));
      }
    }
    HookPoint[] rows = matching.toArray(new HookPoint[0]);
    try {
      return Weaver.weave(rows, className, classFile);
    } catch (RuntimeException | Error e) {
      HookPoint.conclude(rows, className, HookPoint.State.FAILED);
      throw e;
    } finally {
      add(className, rows);
    }
  }

  private synchronized void add(String className, HookPoint[] rows) {
    if (classes.size() < MAX_CLASSES || classes.containsKey(className)) {
      classes.put(className, rows);
    }
  }

  /** Returns whether a class of a native transport was seen. */
  synchronized boolean areThere() {
    return !classes.isEmpty();
  }

  /** Returns the rows of the classes that were woven so far. */
  synchronized List<HookPoint> rows() {
    List<HookPoint> all = new ArrayList<>();
    for (HookPoint[] rows : classes.values()) {
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
   * runs on the agent's thread, and once on a thread of the application that loads its first native
   * library. A class that is unloaded while HotSpot fills the array leaves a null in it.
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
