package io.hbagent;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.URISyntaxException;
import java.util.function.BiFunction;

/**
 * Entry points called by the JVM. They delegate and catch; no logic lives here.
 *
 * <p>Runs in the application's class loader, because the JVM puts the agent's jar on the class
 * path; everything else is loaded by {@link AgentLoader}, apart from the application. Whatever goes
 * wrong, the application starts: one line on stderr, and it runs without the agent. The one
 * exception is a refusal the user has asked for ({@code strict=true}): an exception out of {@code
 * premain} ends the JVM, and the only other way would be System.exit.
 */
public final class AgentMain {

  private AgentMain() {}

  /** Called for {@code -javaagent}, on the main thread, before the application's main. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    start("io.hbagent.runtime.StartHandler", arguments, instrumentation, true);
  }

  /** Called when the agent is attached to a JVM that runs. */
  public static void agentmain(String arguments, Instrumentation instrumentation) {
    start("io.hbagent.runtime.AttachHandler", arguments, instrumentation, false);
  }

  private static void start(
      String handler, String arguments, Instrumentation instrumentation, boolean beforeMain) {
    String refusal = null;
    try {
      boolean first = beforeMain && isFirst(instrumentation);
      File jar = jar();
      @SuppressWarnings("unchecked") // both handlers are a BiFunction of these, in another loader
      BiFunction<Object[], Instrumentation, String> agent =
          (BiFunction<Object[], Instrumentation, String>)
              new AgentLoader(jar, null, AgentLoader.AGENT)
                  .loadClass(handler)
                  // Without parameters: with one, JDK 25 spins a method handle for 4 ms.
                  .getDeclaredConstructor()
                  .newInstance();
      refusal = agent.apply(new Object[] {arguments, jar, first}, instrumentation);
    } catch (Throwable e) {
      System.err.println(
          "hb-agent: cannot start ("
              + e
              + (beforeMain
                  ? "), the application runs without keepalive"
                  : "), nothing was changed in this JVM")
              + cure(e));
    }
    if (refusal != null) {
      // On a line of its own: inside the JVM's report of the exception it would be hard to find.
      System.err.println(refusal);
      // Not a class of its own: the verifier would load it at every start. No stack trace of ours.
      RuntimeException end =
          new RuntimeException("strict=true and bad options, see the line above");
      end.setStackTrace(new StackTraceElement[0]);
      throw end;
    }
  }

  /** Returns what to do about a failure, in words to stand behind it, or an empty text. */
  static String cure(Throwable failure) {
    if (failure instanceof SecurityException) {
      return "; grant hb-agent.jar java.security.AllPermission";
    }
    if (failure instanceof IOException
        || failure instanceof ClassNotFoundException
        || failure instanceof NoClassDefFoundError) {
      return "; replace hb-agent.jar by a whole one";
    }
    return failure instanceof LinkageError
        ? "; if other agents run beside it, give hb-agent's -javaagent first"
        : "";
  }

  /**
   * Returns whether this class is the first that the application's loader has loaded: then no other
   * agent was started before. Called before anything else is loaded, and never in a JVM that has
   * been running: a long answer draws a warning under -Xcheck:jni on JDK 8 to 17.
   */
  private static boolean isFirst(Instrumentation instrumentation) {
    for (Class<?> type : instrumentation.getInitiatedClasses(AgentMain.class.getClassLoader())) {
      if (type != null && type.getClassLoader() != null && type != AgentMain.class) {
        return false;
      }
    }
    return true;
  }

  /** Returns the jar this class was loaded from. */
  static File jar() throws URISyntaxException {
    return new File(AgentMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
