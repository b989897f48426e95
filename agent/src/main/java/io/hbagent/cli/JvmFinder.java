package io.hbagent.cli;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.bytebuddy.agent.ByteBuddyAgent.ProcessProvider;

/** The JVMs of this machine, found without touching any. */
final class JvmFinder {

  private JvmFinder() {}

  /** Returns all but this one, in the order of their numbers. */
  static List<ProcessInfo> all() {
    Map<Long, String> names = new TreeMap<>();
    for (String pid : ProcessInfo.pids()) {
      ProcessInfo process = new ProcessInfo(pid);
      Boolean jvm = process.isJvm();
      if (jvm == null ? isJava(process.command()) : jvm) {
        names.put(Long.valueOf(pid), "");
      }
    }
    names.putAll(AttachApi.displayNames());
    names.remove(Long.valueOf(self()));
    List<ProcessInfo> all = new ArrayList<>();
    names.forEach((pid, name) -> all.add(new ProcessInfo(String.valueOf(pid), name)));
    all.removeIf(jvm -> !jvm.isAlive());
    return all;
  }

  /** Returns the number of this process: not from JDK 8's management, which looks a name up. */
  private static String self() {
    String pid = ProcessInfo.SELF.status("Pid");
    return pid.isEmpty() ? ProcessProvider.ForCurrentVm.INSTANCE.resolve() : pid;
  }

  private static boolean isJava(List<String> command) {
    return !command.isEmpty() && new File(command.get(0)).getName().equals("java");
  }

  /**
   * Returns the one JVM of a number or name.
   *
   * @param target a number, or a main class or jar, or a part of one that only one JVM has
   */
  static ProcessInfo find(String target) throws CommandException {
    if (target.matches("\\d{1,10}")) {
      ProcessInfo process = new ProcessInfo(target);
      if (process.isAlive()) {
        return process;
      }
      throw CommandException.failed(
          process.isZombie()
              ? "process %s has ended and is a zombie until its parent reads that; the list command"
                  + " shows the JVMs"
              : "there is no process %s; the list command shows the JVMs",
          target);
    }
    List<ProcessInfo> found = named(target, all());
    if (found.isEmpty()) {
      throw CommandException.failed(
          "no JVM runs a main class or jar with %s in its name; the list command shows them all",
          target);
    }
    if (found.size() > 1) {
      throw CommandException.failed(
          "%s is the name of several JVMs; give a PID: %s",
          target,
          found.stream().map(jvm -> jvm.pid + " " + jvm.main()).collect(Collectors.joining(", ")));
    }
    return found.get(0);
  }

  /** Returns those with this name; if there are none, those with it as a part of theirs. */
  static List<ProcessInfo> named(String name, List<ProcessInfo> all) {
    List<ProcessInfo> whole = new ArrayList<>(all);
    whole.removeIf(jvm -> !isWholeName(name, jvm.main()));
    List<ProcessInfo> part = new ArrayList<>(all);
    part.removeIf(jvm -> !jvm.main().contains(name));
    return whole.isEmpty() ? part : whole;
  }

  /** Returns whether it is a main class or jar, with or without the package or folder. */
  private static boolean isWholeName(String name, String main) {
    return main.equals(name)
        || new File(main).getName().equals(name)
        || (!main.endsWith(".jar") && main.endsWith("." + name));
  }
}
