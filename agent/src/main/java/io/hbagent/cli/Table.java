package io.hbagent.cli;

import java.util.ArrayList;
import java.util.List;

/** Columns as wide as what stands in them, one blank between; the last one is not padded. */
final class Table {

  /** Stands where something was cut off, as in procps. */
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

  /** Of its lines, blanks at their end included. */
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

  /** The same; what is beyond this width is cut off, and a plus sign says so. */
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

  /** A text that is not wider than this. */
  static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 1) + CUT;
  }
}
