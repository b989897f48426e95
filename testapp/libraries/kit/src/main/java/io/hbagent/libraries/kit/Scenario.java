package io.hbagent.libraries.kit;

import java.net.URL;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs a scenario from main to the end of the process. */
public final class Scenario {

  /** A jar as Maven names it, also inside another. */
  private static final Pattern JAR = Pattern.compile("-(\\d[^/]*?)(-linux-x86_64)?\\.jar");

  /** Limit in seconds of every wait: far above what any step takes on a busy machine. */
  public static final int LIMIT_SECONDS = 120;

  /** The body of a scenario. */
  public interface Body {
    /** Opens connections, reports them, uses them and closes them. */
    void run(Report report) throws Exception;
  }

  private Scenario() {}

  /**
   * Runs a scenario and ends the process with it, whichever threads the library leaves behind. Does
   * not return.
   *
   * @param library its name, as its makers write it
   * @param type a class of it, by whose jar its version is known
   */
  public static void run(String library, Class<?> type, Body body) {
    run(library, version(type), body);
  }

  /** Runs a scenario of a library whose version is not in the name of its jar. */
  public static void run(String library, String version, Body body) {
    int exit = 0;
    try {
      Report.send("library", library, version);
      body.run(new Report(""));
    } catch (Unavailable e) {
      Report.send("skipped", "", e.getMessage());
    } catch (Throwable e) {
      e.printStackTrace();
      exit = 1;
    }
    io.hbagent.testapp.probe.Report.agentFailures();
    Report.send("end");
    System.exit(exit);
  }

  /** Returns the version in the name of the jar a class comes from. */
  public static String version(Class<?> type) {
    return version(type.getProtectionDomain().getCodeSource().getLocation());
  }

  /** Returns the version in the name of a jar, or of the jar that a file comes from. */
  public static String version(URL jar) {
    Matcher matcher = JAR.matcher(jar.toString());
    String version = null;
    while (matcher.find()) {
      version = matcher.group(1); // the innermost is the last
    }
    if (version == null) {
      throw new IllegalArgumentException("no version in " + jar);
    }
    return version;
  }
}
