package io.hbagent.cli;

import java.util.ArrayList;
import java.util.List;

/** Columns as wide as what stands in them, one blank between; the last one is not padded. */
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

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (String[] row : rows) {
      int start = out.length();
      for (int i = 0; i < row.length; i++) {
        out.append(row[i]);
        for (int pad = row[i].length(); pad <= widths[i]; pad++) {
          out.append(' ');
        }
      }
      while (out.length() > start && out.charAt(out.length() - 1) == ' ') {
        out.setLength(out.length() - 1);
      }
      out.append('\n');
    }
    return out.toString();
  }
}
