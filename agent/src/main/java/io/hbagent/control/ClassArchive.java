package io.hbagent.control;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The AOT cache or CDS archive that the options of a JVM name, and whether the JVM uses it.
 *
 * <p>An agent brings the module {@code java.instrument} into the JVM. HotSpot refuses an AOT cache
 * that was made with other modules, and then uses not even the JDK's own archive; with {@code
 * -XX:AOTMode=on} it does not start.
 *
 * <p>Whether a file is in use is seen in {@code /proc/self/maps}, as on JDK 17 to 28: it is mapped
 * as long as the JVM runs, and a refused AOT cache is not. A dynamic archive that JDK 25 or 28
 * refuses for its class path stays mapped, and counts as used.
 */
public final class ClassArchive {

  /** Use of the archive by the JVM; printed in lower case. */
  public enum State {
    /** The options name one, and the JVM uses it. */
    USED,
    /** The options name one, and the JVM does not use it. */
    LOST,
    /** The options name none, switch it off, or have the JVM make it when it ends. */
    NONE;

    @Override
    public String toString() {
      return this == USED ? "used" : this == LOST ? "lost" : "none";
    }
  }

  /** Not the system property {@code user.dir}, which an option can change. */
  private static final String CWD = "/proc/self/cwd";

  private String file;
  private boolean cache;
  private boolean off;
  private boolean required;
  private boolean dumpsAtExit;
  private boolean hasModule;
  private boolean recordsFlights;
  private boolean isManaged;
  private boolean looked;
  private State state;

  private ClassArchive() {}

  /** Returns that of a JVM with these options; a blank or {@code =} follows the longer ones. */
  public static ClassArchive of(List<String> options) {
    ClassArchive archive = new ClassArchive();
    for (String option : options) {
      archive.read(option);
    }
    return archive;
  }

  /** Reads an option. As in the JVM, the last of several holds. */
  private void read(String option) {
    int at = option.indexOf('=') + 1;
    String value = option.substring(at);
    switch (option.substring(0, at)) {
      case "-XX:AOTCache=":
        file = value;
        cache = true;
        break;
      case "-XX:SharedArchiveFile=": // BASE:TOP names two
        file = value.substring(value.lastIndexOf(File.pathSeparatorChar) + 1);
        cache = false;
        break;
      case "-XX:AOTMode=":
        off = !value.equals("auto") && !value.equals("on");
        required = value.equals("on");
        break;
      case "-XX:ArchiveClassesAtExit=":
        dumpsAtExit = true;
        break;
      case "--add-modules=":
        hasModule |= ("," + value + ",").contains(",java.instrument,");
        break;
      default:
        hasModule |= option.startsWith("-javaagent:");
        if (option.startsWith("-Xshare:")) {
          off = option.equals("-Xshare:off") || option.equals("-Xshare:dump");
        }
        if (option.endsWith("AutoCreateSharedArchive")) {
          dumpsAtExit = option.equals("-XX:+AutoCreateSharedArchive");
        }
        recordsFlights |= option.startsWith("-XX:StartFlightRecording");
        isManaged |= option.startsWith("-Dcom.sun.management");
        break;
    }
  }

  /** Returns the file as the options name it; null if they name none. */
  public String file() {
    return off ? null : file;
  }

  /** Returns whether the JVM ends where it cannot use the file. */
  public boolean isRequired() {
    return required;
  }

  /** Returns whether the JVM may write an archive when it ends, which it refuses with an agent. */
  public boolean isDumpedAtExit() {
    return dumpsAtExit;
  }

  /** Returns whether it is an AOT cache, not a CDS archive. */
  public boolean isCache() {
    return cache;
  }

  /** Returns whether the JVM has the module {@code java.instrument}, by its options. */
  public boolean hasModule() {
    return hasModule;
  }

  /**
   * Returns whether the JVM uses it.
   *
   * @param maps the JVM's {@code /proc/PID/maps}; empty if that cannot be read
   * @param path the absolute path of the file, without symbolic links
   * @return null when unknown
   */
  public State state(String maps, String path) {
    if (file() == null) {
      return State.NONE;
    }
    // A file that was replaced by another has " (deleted)" after its path.
    boolean mapped = maps.contains(" " + path + "\n") || maps.contains(" " + path + " (deleted)\n");
    if (maps.isEmpty()) {
      return null;
    }
    return mapped ? State.USED : dumpsAtExit ? State.NONE : State.LOST;
  }

  /**
   * Returns whether the JVM that runs this uses it, as the first call found it: the file may be
   * replaced later. Null when unknown. On the agent's thread.
   */
  public State state() {
    if (!looked) {
      looked = true;
      try {
        state = file() == null ? State.NONE : state(maps(), absolute().getCanonicalPath());
      } catch (IOException | RuntimeException e) {
        state = null; // no /proc
      }
    }
    return state;
  }

  private File absolute() {
    File named = new File(file);
    return named.isAbsolute() ? named : new File(CWD, file);
  }

  /** Not with java.nio.file, which initialises what reads system properties of the application. */
  private static String maps() throws IOException {
    try (InputStream in = new FileInputStream("/proc/self/maps")) {
      ByteArrayOutputStream all = new ByteArrayOutputStream(1 << 16);
      byte[] part = new byte[1 << 13];
      for (int size = in.read(part); size > 0; size = in.read(part)) {
        all.write(part, 0, size);
      }
      return new String(all.toByteArray(), StandardCharsets.UTF_8);
    }
  }

  /** Returns its kind and file, for a sentence. */
  public String name() {
    return (cache ? "AOT cache " : "CDS archive ") + file;
  }

  /** Returns what makes the JVM refuse it, and the cure. */
  public String lossReason() {
    return "the JVM does not use the "
        + name()
        + (cache
            ? ", which must come from the same JDK, class path and modules: "
                + (hasModule
                    ? cure()
                    : "make it again, or if it was made with --add-modules=java.instrument start the"
                        + " JVM with that as well, or with -javaagent")
            : ", which must come from the same JDK and class path: make it again");
  }

  /** Returns how to make an AOT cache for the modules that the JVM has beside the agent. */
  public String cure() {
    return "make it with --add-modules=java.instrument"
        + (recordsFlights ? ",jdk.jfr" : "")
        + (isManaged ? ",jdk.management.agent" : "")
        + (recordsFlights || isManaged ? "" : ", or with this -javaagent");
  }

  /** Adds its use to a status, and a warning of a loss. */
  public void addTo(Report report) {
    State use = state();
    if (use != null && use != State.NONE) {
      report.add("archive").add("name", name()).add("use", use);
    }
    if (use == State.LOST) {
      Status.warning(report, lossReason());
    }
  }
}
