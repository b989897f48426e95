package io.hbagent.text;

/**
 * Text that others chose (names of threads and classes, contents of files, messages of exceptions)
 * made fit for a terminal, a log line or JSON.
 *
 * <p>Characters that act on a terminal or end a line, that reorder or hide text, or that are half
 * of a pair become backslash, u and four hexadecimal digits for each char: by Unicode's general
 * categories control, format, line and paragraph separator, surrogate and unassigned. The last is
 * needed because an old JDK does not know new controls: U+2066 is unassigned on 8.
 */
public final class Printable {

  /** Chars of a value that error messages quote. */
  private static final int QUOTED_LENGTH = 200;

  private static final char ELLIPSIS = '\u2026';

  private Printable() {}

  /** Returns a text in one line. What is printable already stays the same. */
  public static String of(String text) {
    return append(new StringBuilder(text.length()), text, false).toString();
  }

  /**
   * Returns the beginning of a text in one line of bounded length, for a message that quotes it.
   */
  public static String brief(String text) {
    return text.length() <= QUOTED_LENGTH
        ? of(text)
        : of(text.substring(0, QUOTED_LENGTH)) + ELLIPSIS;
  }

  /** Appends a text in double quotes, as JSON (RFC 8259) and logfmt read it. */
  public static void quote(StringBuilder out, String text) {
    append(out.append('"'), text, true).append('"');
  }

  private static StringBuilder append(StringBuilder out, String text, boolean quoted) {
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      if (quoted && (point == '"' || point == '\\')) {
        out.append('\\');
      }
      int end = i + Character.charCount(point);
      if (isPrintable(point)) {
        out.append(text, i, end);
      } else {
        for (int at = i; at < end; at++) {
          escape(out, text.charAt(at));
        }
      }
      i = end;
    }
    return out;
  }

  private static boolean isPrintable(int point) {
    switch (Character.getType(point)) {
      case Character.CONTROL:
      case Character.FORMAT:
      case Character.LINE_SEPARATOR:
      case Character.PARAGRAPH_SEPARATOR:
      case Character.SURROGATE:
      case Character.UNASSIGNED:
        return false;
      default:
        return true;
    }
  }

  private static void escape(StringBuilder out, char c) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(Character.forDigit(c >> shift & 0xF, 16));
    }
  }
}
