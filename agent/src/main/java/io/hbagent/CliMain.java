package io.hbagent;

import java.lang.reflect.InvocationTargetException;

/**
 * The door of the command line: nothing but hand-over and catch.
 *
 * <p>In the user's own JVM, called for {@code java -jar hb-agent.jar}. The command line sees what
 * the application loader sees, because the JDK's attach API is loaded by that.
 */
public final class CliMain {

  private CliMain() {}

  /** Called by the JVM. */
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
    System.exit(1); // our own JVM, no host
  }

  /** The loader of the command line's classes. */
  static ClassLoader loader() throws Exception {
    return new AgentLoader(
        AgentMain.jar(), CliMain.class.getClassLoader(), AgentLoader.COMMAND_LINE);
  }
}
