package io.hbagent.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;

/**
 * Checks made before a target is touched. The attach API wakes a JVM with SIGQUIT, which kills a
 * process that does not expect it, so nothing is sent before these have passed.
 */
final class AttachChecks {

  private AttachChecks() {}

  /**
   * Makes them all.
   *
   * @param command as the user typed it, for the cures that repeat it
   */
  static void all(ProcessInfo target, File jar, String command) throws CommandException {
    if (!ProcessInfo.AVAILABLE) {
      return;
    }
    user(target, jar, command);
    jvm(target);
    enabled(target);
    container(target, jar, command);
    // The target's root may be ours and yet a folder on the way another, as /tmp with systemd.
    if (target.inItsRoot("/").isDirectory() && !target.inItsRoot(jar.getPath()).isFile()) {
      throw jarNotReadable("JVM " + target.pid, target, jar, null);
    }
    String limit = cannotStartListener(target);
    if (limit != null) {
      throw CommandException.failed(
          "JVM %s can start no more threads (%s), and would end when a command asks it for the"
              + " thread it answers with; nothing was sent to it: raise the limit or end threads,"
              + " and try again",
          target.pid, limit);
    }
  }

  /**
   * Returns the limit, in words, for which the JVM has no Attach Listener and gets none; or null.
   * HotSpot starts this thread on SIGQUIT, and aborts the process where it gets none.
   */
  static String cannotStartListener(ProcessInfo target) {
    return target.hasThread("Attach Listener") ? null : target.reachedThreadLimit();
  }

  private static void user(ProcessInfo target, File jar, String command) throws CommandException {
    String ours = ProcessInfo.SELF.effectiveUid();
    if (!ours.equals("0") && !ours.equals(target.effectiveUid())) {
      throw CommandException.failed(
          "JVM %s belongs to %s, and only that user may attach to it; use: sudo -u %s java -jar %s"
              + " %s",
          target.pid,
          target.user(),
          sudoUser(target.user()),
          Text.shellWord(jar.getPath()),
          command);
    }
  }

  /** Returns a user for sudo: a number, which is one without a name, behind a {@code #}. */
  static String sudoUser(String user) {
    return Text.shellWord(user.matches("\\d+") ? "#" + user : user);
  }

  /** Checks that it is a JVM that can answer. */
  static void jvm(ProcessInfo target) throws CommandException {
    String process = target.status("Tgid");
    if (!process.isEmpty() && !process.equals(target.pid)) {
      // The JVM would take the signal that is meant to wake it for a wish to dump its threads.
      throw CommandException.failed(
          "%s is a thread of process %s; give %2$s instead", target.pid, process);
    }
    if (Boolean.FALSE.equals(target.isJvm())) {
      throw CommandException.failed(
          "process %s is no JVM; the list command shows the JVMs there are", target.pid);
    }
    if (target.isStopped()) {
      throw CommandException.failed(
          "JVM %s is stopped, so it cannot answer; let it go on with: kill -CONT %1$s", target.pid);
    }
  }

  private static void enabled(ProcessInfo target) throws CommandException {
    String options = target.options();
    if (options.contains("-XX:+DisableAttachMechanism ")) {
      throw CommandException.failed(
          "JVM %s was started with -XX:+DisableAttachMechanism, so no one can attach to it; restart"
              + " it without, or with -javaagent:hb-agent.jar=OPTIONS",
          target.pid);
    }
    if (options.contains("-XX:-EnableDynamicAgentLoading ")) {
      throw noDynamicLoading(target, null);
    }
    // One that reserves the signal for the application (-Xrs) listens from its start instead.
    if (target.diesOfSigQuit() && !target.attachSocketUid().equals(target.effectiveUid())) {
      throw CommandException.failed(
          "JVM %s would die of the signal that wakes a JVM's attach thread; if it is just starting,"
              + " try again in a moment, else restart it with -javaagent:hb-agent.jar=OPTIONS",
          target.pid);
    }
  }

  static CommandException noDynamicLoading(ProcessInfo target, Throwable cause) {
    return CommandException.failed(
        cause,
        "JVM %s was started with -XX:-EnableDynamicAgentLoading, so it takes no agent while it"
            + " runs; restart it without, or with -javaagent:hb-agent.jar=OPTIONS",
        target.pid);
  }

  private static void container(ProcessInfo target, File jar, String command)
      throws CommandException {
    if (target.isInContainer() && !isSame(target.inItsRoot(jar.getPath()), jar)) {
      throw CommandException.failed(
          "JVM %s runs in a container, which has no %s; copy the jar into it and run there: java"
              + " -jar %s %s (PID as the container sees it)",
          target.pid,
          jar,
          Text.shellWord(jar.getName()),
          command.replaceFirst(" " + target.pid + "\\b", " PID"));
    }
  }

  private static boolean isSame(File there, File here) {
    try {
      return there.isFile()
          && there.length() == here.length()
          && Arrays.equals(Files.readAllBytes(there.toPath()), Files.readAllBytes(here.toPath()));
    } catch (IOException e) {
      return false;
    }
  }

  static CommandException jarNotReadable(
      String jvm, ProcessInfo target, File jar, Throwable cause) {
    String user = target.user();
    return CommandException.failed(
        cause,
        "%s cannot read %s; put the jar where its user%s may read it, and not into /tmp when that"
            + " is private to it, and run it from there",
        jvm,
        jar,
        user.isEmpty() ? "" : " (" + user + ")");
  }
}
