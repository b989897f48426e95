package io.hbagent.it;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the agent prints on standard error. */
final class StartLine {

  private static final Pattern LOG_LINE =
      Pattern.compile("ts=\\S+ level=\\w+ agent=hb-agent event=.*");

  private StartLine() {}

  static boolean isStart(String line) {
    return isLog(line) && line.contains(" event=started ");
  }

  static boolean isLog(String line) {
    return LOG_LINE.matcher(line).matches();
  }

  /**
   * All but the start line. A JVM prints an uncaught exception in two parts, the thread's name and
   * the trace; what the agent writes at once may come between them.
   */
  static String cutOut(List<String> err) {
    return (String.join("\n", err) + "\n")
        .replaceFirst("ts=\\S+ level=\\w+ agent=hb-agent event=started .*\n", "")
        .stripTrailing();
  }

  /** The value of a field without blanks, or null. */
  static String field(String line, String key) {
    Matcher matcher = Pattern.compile(" " + key + "=(\\S+)").matcher(line);
    return matcher.find() ? matcher.group(1) : null;
  }

  /**
   * Standard error holds the start line at most: a short run may end before the agent's thread has
   * come to it.
   */
  static void only(ProbeRun run) {
    List<String> lines = run.forked().err();
    run.check(lines.size() <= 1, "one line on standard error at most");
    run.check(lines.isEmpty() || isStart(lines.get(0)), "no line but the start line");
  }
}
