package io.hbagent.cli;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The JVMs of this machine, found without touching any. */
final class JvmFinder {

  private JvmFinder() {}

  /** Returns all but this one, in the order of their numbers. */
  static List<Jvm> all() {
    Map<Long, String> names = new TreeMap<>();
    for (String pid : ProcessInfo.pids()) {
      ProcessInfo proc = new ProcessInfo(pid);
      List<String> command = proc.command();
      boolean named = !command.isEmpty() && new File(command.get(0)).getName().equals("java");
      Boolean jvm = proc.isJvm();
      if (jvm == null ? named : jvm) {
        names.put(Long.valueOf(pid), "");
      }
    }
    names.putAll(displayNames());
    names.remove(self());
    List<Jvm> all = new ArrayList<>();
    for (Map.Entry<Long, String> entry : names.entrySet()) {
      Jvm jvm = Jvm.of(String.valueOf(entry.getKey()), entry.getValue());
      if (!ProcessInfo.isThere() || !jvm.user.isEmpty()) {
        all.add(jvm); // the others have ended since
      }
    }
    return all;
  }

  private static long self() {
    if (ProcessInfo.isThere()) {
      try {
        return Long.parseLong(new File("/proc/self").getCanonicalFile().getName());
      } catch (IOException e) {
        return -1;
      }
    }
    String name = ManagementFactory.getRuntimeMXBean().getName();
    return Long.parseLong(name.substring(0, name.indexOf('@')));
  }

  /**
   * Returns the one JVM of a number or name.
   *
   * @param target a number, or a main class or jar, or a part of one that only one JVM has
   */
  static Jvm find(String target) throws CommandException {
    if (target.matches("\\d{1,10}")) {
      if (ProcessInfo.isThere() && !new ProcessInfo(target).isAlive()) {
        throw CommandException.failed(
            (new ProcessInfo(target).isZombie()
                    ? "process " + target + " has ended and is a zombie until its parent reads that"
                    : "there is no process " + target)
                + "; the list command shows the JVMs");
      }
      return Jvm.of(target, "");
    }
    List<Jvm> found = named(target, all());
    if (found.isEmpty()) {
      throw CommandException.failed(
          "no JVM runs a main class or jar with "
              + target
              + " in its name; the list command shows"
              + " them all");
    }
    if (found.size() > 1) {
      StringBuilder text = new StringBuilder(target + " is the name of several JVMs; give a PID:");
      for (Jvm jvm : found) {
        text.append(jvm == found.get(0) ? " " : ", ").append(jvm);
      }
      throw CommandException.failed(text.toString());
    }
    return found.get(0);
  }

  /** Returns those with this name; if there are none, those with it as a part of theirs. */
  static List<Jvm> named(String name, List<Jvm> all) {
    List<Jvm> whole = new ArrayList<>();
    List<Jvm> part = new ArrayList<>();
    for (Jvm jvm : all) {
      if (jvm.isNamedExactly(name)) {
        whole.add(jvm);
      } else if (jvm.main.contains(name)) {
        part.add(jvm);
      }
    }
    return whole.isEmpty() ? part : whole;
  }

  /**
   * Returns the names that the attach API gives to the JVMs this user may see. It reads the files
   * the JVMs keep for it ({@code hsperfdata}); no JVM is touched.
   */
  private static Map<Long, String> displayNames() {
    Class<?> type = AttachApi.find();
    if (type == null) {
      return new HashMap<>();
    }
    Map<Long, String> names = new HashMap<>();
    try {
      List<?> machines = (List<?>) type.getMethod("list").invoke(null);
      for (Object machine : machines) {
        // Of the descriptor's exported class, not of the provider's.
        Class<?> descriptor =
            Class.forName(
                "com.sun.tools.attach.VirtualMachineDescriptor", false, type.getClassLoader());
        Method id = descriptor.getMethod("id");
        Method name = descriptor.getMethod("displayName");
        String pid = (String) id.invoke(machine);
        names.put(Long.valueOf(pid), String.valueOf(name.invoke(machine)));
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      return names; // the others are found in /proc
    }
    return names;
  }
}
