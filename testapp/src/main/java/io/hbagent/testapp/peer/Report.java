package io.hbagent.testapp.peer;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * The output of a program while it runs: one line an event, with the seconds since start in front.
 * Safe for any thread.
 */
public final class Report {
  private final PrintWriter out;
  private final long start = System.nanoTime();

  /** Creates a report whose clock starts now. */
  public Report(PrintWriter out) {
    this.out = out;
  }

  /**
   * Prints one line. Control characters are replaced by {@code ?}, because the text may come from a
   * peer and go to a terminal.
   */
  public void line(String format, Object... args) {
    String text = printable(String.format(Locale.ROOT, format, args));
    double seconds = (System.nanoTime() - start) / 1e9;
    out.println(String.format(Locale.ROOT, "%8.3f %s", seconds, text));
    out.flush();
  }

  private static String printable(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      clean.append(Character.isISOControl(c) ? '?' : c);
    }
    return clean.toString();
  }
}
