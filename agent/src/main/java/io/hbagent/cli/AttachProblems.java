package io.hbagent.cli;

import java.io.File;

/** Explains the attach API's exceptions to the user. */
final class AttachProblems {

  private AttachProblems() {}

  static CommandException explain(
      Target target, ProcessInfo proc, File jar, Throwable problem, boolean begun) {
    if (problem instanceof CommandException) {
      return (CommandException) problem;
    }
    String message = problem == null ? "" : String.valueOf(problem.getMessage());
    if (message.contains("Dynamic agent loading is not enabled")) {
      return AttachChecks.noDynamicLoading(proc, problem);
    }
    if (!proc.isAlive() && ProcessInfo.isThere()) {
      return CommandException.failed(
          target + " has ended; the list command shows the JVMs", problem);
    }
    if (message.contains("Agent JAR not found")) {
      return AttachChecks.unseen(target.toString(), proc, jar, problem);
    }
    if (begun || problem == null) {
      return CommandException.failed(
          target
              + " has loaded the agent, but got no answer from it; see what it printed on its"
              + " standard error",
          problem);
    }
    if (message.contains("socket file") || message.contains("not responding")) {
      return CommandException.failed(
          target
              + " does not open its attach socket; it hangs, or was started with"
              + " -XX:+DisableAttachMechanism: see jstack, or restart it with"
              + " -javaagent:hb-agent.jar=OPTIONS",
          problem);
    }
    AttachSocket socket = new AttachSocket(proc);
    if (socket.isForeign()) {
      // AttachSocket.removeLeft takes it for one of the same name in another container.
      return CommandException.failed(
          target
              + " does not listen at "
              + socket
              + ", which an earlier JVM with the same process ID may have left; delete that file"
              + " where the JVM sees it, and try again",
          problem);
    }
    return CommandException.failed(
        "cannot attach to "
            + target
            + " ("
            + problem
            + "); try with the java of its own JDK"
            + (proc.javaHome() == null ? "" : ", " + proc.javaHome() + "/bin/java"),
        problem);
  }
}
