package io.hbagent.it;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The agent's lines on standard error. */
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
   * Returns standard error without the start line. A JVM prints an uncaught exception in two parts,
   * the thread's name and the trace, and a line of the agent may come between them.
   */
  static String cutOut(List<String> err) {
    return (String.join("\n", err) + "\n")
        .replaceFirst("ts=\\S+ level=\\w+ agent=hb-agent event=started .*\n", "")
        .stripTrailing();
  }

  /** Returns the value of a field, which must contain no blanks, or null. */
  static String field(String line, String key) {
    Matcher matcher = Pattern.compile(" " + key + "=(\\S+)").matcher(line);
    return matcher.find() ? matcher.group(1) : null;
  }

  /**
   * Checks that standard error has the start line or nothing: a short run may end before the
   * agent's thread writes it.
   */
  static void only(ProbeRun run) {
    List<String> lines = run.forked().err();
    run.check(lines.size() <= 1, "one line on standard error at most");
    run.check(lines.isEmpty() || isStart(lines.get(0)), "no line but the start line");
  }
}
