package io.hbagent.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Table with columns as wide as their widest cell, one blank between. Not picocli's, whose columns
 * have fixed widths and whose cells are markup.
 */
final class Table {

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
    return IntStream.of(widths).sum() + widths.length - 1;
  }

  /** Returns it cut off at a width. */
  String toString(int width) {
    StringBuilder out = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      int column = 0;
      for (int i = 0; i < row.length; i++) {
        if (!row[i].isEmpty()) {
          StatusText.pad(line, column).append(row[i]);
        }
        column += widths[i] + 1;
      }
      out.append(cut(line.toString(), width)).append('\n');
    }
    return out.toString();
  }

  /** Returns a text cut to a width; a plus sign ends one that was cut, as in procps. */
  static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 1) + '+';
  }
}
