package io.hbagent.cli;

/** Labelled text that goes on in the next line, below its beginning, when it gets too wide. */
final class LabelledText {

  private static final int INDENT = 12;

  private LabelledText() {}

  /** Appends it, broken at blanks; a word that is too wide for a line has one of its own. */
  static void append(StringBuilder out, String label, String text, int width) {
    StringBuilder line = pad(new StringBuilder("  ").append(label));
    boolean first = true;
    for (String word : text.split(" ", -1)) {
      if (!first && line.length() + 1 + word.length() > width) {
        out.append(line).append('\n');
        line = pad(new StringBuilder());
        first = true;
      }
      line.append(first ? "" : " ").append(word);
      first = false;
    }
    out.append(line).append('\n');
  }

  private static StringBuilder pad(StringBuilder line) {
    while (line.length() < INDENT) {
      line.append(' ');
    }
    return line;
  }
}
