package io.hbagent;

import java.lang.reflect.InvocationTargetException;

/**
 * Entry point of the command line, called by the JVM for {@code java -jar hb-agent.jar}. It
 * delegates and catches; no logic lives here.
 *
 * <p>The command line sees what the application class loader sees, because that loads the JDK's
 * attach API.
 */
public final class CliMain {

  private CliMain() {}

  /** Runs a command and ends the JVM, which is the user's and no host. */
  public static void main(String[] arguments) {
    Throwable failure;
    try {
      loader()
          .loadClass("io.hbagent.cli.Main")
          .getMethod("main", String[].class)
          .invoke(null, (Object) arguments);
      return;
    } catch (InvocationTargetException e) {
      failure = e.getCause();
    } catch (Exception | LinkageError e) {
      failure = e;
    }
    System.err.println("hb-agent: the jar is not whole (" + failure + "); replace it by a new one");
    System.exit(1);
  }

  /** The loader of the command line's classes. */
  static ClassLoader loader() throws Exception {
    return new AgentLoader(
        AgentMain.jar(), CliMain.class.getClassLoader(), AgentLoader.COMMAND_LINE);
  }
}
