package io.hbagent.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Table with columns as wide as their widest cell, one blank between. Not picocli's, whose columns
 * have fixed widths.
 */
final class Table {

  /** Ends a text that was cut off, as in procps. */
  private static final char CUT = '+';

  private final int[] widths;
  private final List<String[]> rows = new ArrayList<>();

  Table(String... heads) {
    widths = new int[heads.length];
    row(heads);
  }

  void row(String... cells) {
    for (int i = 0; i < cells.length; i++) {
      widths[i] = Math.max(widths[i], cells[i].length());
    }
    rows.add(cells);
  }

  /** Returns the length of its lines, blanks at their end included. */
  int width() {
    int width = widths.length - 1;
    for (int each : widths) {
      width += each;
    }
    return width;
  }

  @Override
  public String toString() {
    return toString(Integer.MAX_VALUE);
  }

  /** Returns it cut off at a width; a plus sign ends a line that was cut. */
  String toString(int width) {
    StringBuilder out = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        line.append(row[i]);
        for (int pad = row[i].length(); pad <= widths[i]; pad++) {
          line.append(' ');
        }
      }
      int end = line.length();
      while (end > 0 && line.charAt(end - 1) == ' ') {
        end--;
      }
      line.setLength(end);
      out.append(cut(line.toString(), width)).append('\n');
    }
    return out.toString();
  }

  /** Returns a text cut to a width. */
  static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 1) + CUT;
  }
}
