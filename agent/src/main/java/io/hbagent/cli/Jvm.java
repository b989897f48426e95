package io.hbagent.cli;

import java.io.File;
import java.util.List;

/** A JVM of this machine, as it is listed. Immutable. */
final class Jvm {

  final String pid;
  final String user;
  final String main;
  final String version;

  Jvm(String pid, String user, String main, String version) {
    this.pid = pid;
    this.user = user;
    this.main = main;
    this.version = version;
  }

  /**
   * @param displayName what the attach API calls it; empty when it does not list it
   */
  static Jvm of(String pid, String displayName) {
    ProcessInfo proc = new ProcessInfo(pid);
    String name = displayName.trim();
    int blank = name.indexOf(' ');
    String main = blank < 0 ? name : name.substring(0, blank);
    if (main.isEmpty()) {
      main = main(proc.command());
    }
    return new Jvm(pid, proc.user(), main, proc.javaVersion());
  }

  /** Main class or jar in a command line: the first argument that belongs to no option. */
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

  /** Returns whether this is its main class or jar, with or without the package or folder. */
  boolean isNamedExactly(String name) {
    return main.equals(name)
        || new File(main).getName().equals(name)
        || (!main.endsWith(".jar") && main.endsWith("." + name));
  }

  @Override
  public String toString() {
    return pid + " " + main;
  }
}
