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

  static void all(Jvm jvm, ProcessInfo target, File jar, String command) throws CommandException {
    if (!ProcessInfo.isThere()) {
      return;
    }
    user(jvm, target, jar, command);
    jvm(target);
    enabled(target);
    container(target, jar, command);
    sight(target, jar);
    threads(target);
  }

  /**
   * Refuses to wake a JVM that cannot start the thread for it: HotSpot starts its Attach Listener
   * on SIGQUIT, and aborts the process where it gets no thread.
   */
  private static void threads(ProcessInfo target) throws CommandException {
    String limit = cannotStartListener(target);
    if (limit != null) {
      throw CommandException.failed(
          "JVM "
              + target.pid()
              + " can start no more threads ("
              + limit
              + "), and would end when a command asks it for the thread it answers with; nothing was"
              + " sent to it: raise the limit or end threads, and try again");
    }
  }

  /**
   * Returns the limit, in words, for which the JVM has no Attach Listener and gets none; or null.
   */
  static String cannotStartListener(ProcessInfo target) {
    return target.hasThread("Attach Listener") ? null : target.reachedThreadLimit();
  }

  private static void user(Jvm jvm, ProcessInfo target, File jar, String command)
      throws CommandException {
    String ours = new ProcessInfo("self").effectiveUid();
    if (!ours.equals("0") && !ours.equals(target.effectiveUid())) {
      throw CommandException.failed(
          "JVM "
              + target.pid()
              + " belongs to "
              + jvm.user
              + ", and only that user may attach to it; use: sudo -u "
              + sudoUser(jvm.user)
              + " java -jar "
              + ShellQuoting.word(jar.getPath())
              + " "
              + command);
    }
  }

  /** A user without a name is a number, which sudo takes behind a {@code #}. */
  static String sudoUser(String user) {
    return ShellQuoting.word(user.matches("\\d+") ? "#" + user : user);
  }

  private static void jvm(ProcessInfo target) throws CommandException {
    String process = target.status("Tgid");
    if (!process.isEmpty() && !process.equals(target.pid())) {
      // The JVM would take the signal that is meant to wake it for a wish to dump its threads.
      throw CommandException.failed(
          target.pid() + " is a thread of process " + process + "; give " + process + " instead");
    }
    if (Boolean.FALSE.equals(target.isJvm())) {
      throw CommandException.failed(
          "process " + target.pid() + " is no JVM; the list command shows the JVMs there are");
    }
    if (target.isStopped()) {
      throw CommandException.failed(
          "JVM "
              + target.pid()
              + " is stopped, so it cannot answer; let it go on with: kill -CONT "
              + target.pid());
    }
  }

  private static void enabled(ProcessInfo target) throws CommandException {
    String options = target.options();
    if (options.contains("-XX:+DisableAttachMechanism ")) {
      throw CommandException.failed(
          "JVM "
              + target.pid()
              + " was started with -XX:+DisableAttachMechanism, so no one can attach to it; restart"
              + " it without, or with -javaagent:hb-agent.jar=OPTIONS");
    }
    if (options.contains("-XX:-EnableDynamicAgentLoading ")) {
      throw noDynamicLoading(target, null);
    }
    if (target.diesOfSigQuit() && !new AttachSocket(target).isOpen()) {
      throw CommandException.failed(
          "JVM "
              + target.pid()
              + " would die of the signal that wakes a JVM's attach thread; if it is just starting,"
              + " try again in a moment, else restart it with -javaagent:hb-agent.jar=OPTIONS");
    }
  }

  static CommandException noDynamicLoading(ProcessInfo target, Throwable cause) {
    return CommandException.failed(
        "JVM "
            + target.pid()
            + " was started with -XX:-EnableDynamicAgentLoading, so it takes no agent while it"
            + " runs; restart it without, or with -javaagent:hb-agent.jar=OPTIONS",
        cause);
  }

  private static void container(ProcessInfo target, File jar, String command)
      throws CommandException {
    if (!target.isInContainer() || isSame(target.inItsRoot(jar.getPath()), jar)) {
      return;
    }
    throw CommandException.failed(
        "JVM "
            + target.pid()
            + " runs in a container, which has no "
            + jar
            + "; copy the jar into it and run there: java -jar "
            + ShellQuoting.word(jar.getName())
            + " "
            + command.replaceFirst(" " + target.pid() + "\\b", " PID")
            + " (PID as the container sees it)");
  }

  /** The target's root may be ours and yet a folder on the way another, as /tmp with systemd. */
  private static void sight(ProcessInfo target, File jar) throws CommandException {
    if (target.inItsRoot("/").isDirectory() && !target.inItsRoot(jar.getPath()).isFile()) {
      throw unseen("JVM " + target.pid(), target, jar, null);
    }
  }

  static CommandException unseen(String jvm, ProcessInfo target, File jar, Throwable cause) {
    return CommandException.failed(
        jvm
            + " cannot read "
            + jar
            + "; put the jar where its user"
            + (target.user().isEmpty() ? "" : " (" + target.user() + ")")
            + " may read it, and not into /tmp when that is private to it, and run it from there",
        cause);
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
}
