package io.hbagent.testapp.peer;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * What a program says while it runs: one line an event, headed by the seconds since start, so that
 * a person can follow and a script can subtract. Safe for any thread.
 */
public final class Report {
  private final PrintWriter out;
  private final long start = System.nanoTime();

  /** A report whose clock starts now. */
  public Report(PrintWriter out) {
    this.out = out;
  }

  /**
   * Says one line. Control characters come out as {@code ?}: the text may be a stranger's, and the
   * reader may be a terminal.
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
